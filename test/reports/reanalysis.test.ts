import { describe, expect, it } from 'vitest';
import { table4 } from '../../reports/paper/table-4.js';
import { reanalyse } from '../../reports/summary/reanalysis.js';

describe('the paper against itself', () => {
  const comparisons = reanalyse(table4);

  it('compares the best of each column with the six others, in both metrics', () => {
    expect(comparisons).toHaveLength(3 * 2 * 6);
    const best = (column: string, metric: string) =>
      comparisons.find((each) => each.column === column && each.metric === metric)?.best;
    expect(best('Amazon', 'accuracy')).toBe('Linformer');
    expect(best('Amazon', 'macroF1')).toBe('Fastformer');
    expect(best('MIND', 'accuracy')).toBe('Poolingformer');
  });

  it('tests as Welch does, by hand for one pair', () => {
    // Amazon accuracy, Linformer 66.20 ± 0.49 against Transformer 65.32 ± 0.35, five runs each.
    const one = comparisons.find(
      ({ column, metric, other }) => column === 'Amazon' && metric === 'accuracy' && other === 'Transformer',
    );
    const t = 0.88 / Math.sqrt((0.49 ** 2 + 0.35 ** 2) / 5);
    expect(one?.difference).toBeCloseTo(0.0088, 9);
    expect(t).toBeCloseTo(3.268, 3);
    // scipy.stats.ttest_ind_from_stats(66.20, 0.49, 5, 65.32, 0.35, 5, equal_var=False).pvalue
    expect(one?.p).toBeCloseTo(0.0131, 3);
  });

  it('finds that few of its wins are significant after Holm', () => {
    const significant = comparisons.filter(({ adjusted }) => adjusted < 0.05);
    expect(significant.length).toBeGreaterThan(0);
    expect(significant.length).toBeLessThan(comparisons.length / 2);
    const fastformerOnAmazon = comparisons.filter(
      ({ column, metric, best }) => column === 'Amazon' && metric === 'macroF1' && best === 'Fastformer',
    );
    expect(
      fastformerOnAmazon.filter(({ adjusted, other }) => adjusted < 0.05 && other !== 'Transformer'),
    ).toEqual([]);
  });
});
