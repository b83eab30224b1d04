/** Which rows of an accuracy table can be told apart: letters, the sentence, the terminal and `--json`. */
import { describe, expect, it } from 'vitest';
import { findings, rankGroupLines } from '../../cli/findings.js';
import type { RunRecord } from '../../harness/record.js';
import { buildReport } from '../../reports/index.js';
import { viewOf } from '../../reports/page/view.js';
import { tables } from '../../reports/paper/index.js';
import { summarize } from '../../reports/summary.js';
import { recordsInside, verifyPage } from '../../reports/verify/index.js';
import { accuracyRecord } from '../support/records.js';

/** Scores of seeds 1, 2, ...; null where a seed did not run. */
type Scores = Readonly<Record<string, readonly (number | null)[]>>;

const records = (scores: Scores): RunRecord[] =>
  Object.entries(scores).flatMap(([architecture, values]) =>
    values.flatMap((value, i) =>
      value === null ? [] : [accuracyRecord({ architecture, seed: i + 1 }, value)],
    ),
  );
const groupsOf = (scores: Scores) =>
  summarize(records(scores)).tables.find(({ name }) => name === 'table-4')?.rankGroups;
const lettersIn = (scores: Scores) =>
  groupsOf(scores)?.[0]?.rows.map(({ architecture, letters }) => [architecture, letters]);
const lineOf = async (scores: Scores) => rankGroupLines(await findings(records(scores))).join('\n');
const settingOf = (all: RunRecord[]) =>
  viewOf(summarize(all), tables, all, 'records').tables.find(({ name }) => name === 'table-4')?.settings[0];

const near = (centre: number, ...noise: readonly number[]) => noise.map((each) => centre + each / 1_000);
const two = {
  fastformer: near(0.8, 1, -2, 1, 0, 2),
  transformer: near(0.801, 0, 2, -1, 1, 1),
  none: near(0.7, -1, 0, 2, 1, -2),
  linformer: near(0.701, 2, 1, -1, 0, 1),
  longformer: near(0.75, 40, -60, 20, 50, -50),
};

describe('rank groups', () => {
  it('share a letter where two rows are not told apart, over all pairs of rows', () => {
    const [groups] = groupsOf(two) ?? [];
    expect(groups).toMatchObject({ metric: 'accuracy', setting: 'table-4-1', untested: 0 });
    expect(groups?.pairs).toHaveLength(10);
    expect(lettersIn(two)).toEqual([
      ['transformer', 'a'],
      ['fastformer', 'a'],
      ['longformer', 'ab'],
      ['linformer', 'b'],
      ['none', 'b'],
    ]);
  });

  it('are of paired t tests over shared seeds, with Holm’s correction over the pairs', () => {
    // Differences 0.1, 0.2, 0.1: t = 4 with 2 degrees of freedom, for which p = 1 - t / sqrt(t^2 + 2).
    const three = { fastformer: [0.5, 0.7, 0.6, null], none: [0.4, 0.5, 0.5, 0.4], transformer: [0.1] };
    const [groups] = groupsOf(three) ?? [];
    expect(groups?.pairs).toHaveLength(1);
    expect(groups?.pairs[0]).toMatchObject({ above: 'Fastformer', below: 'No mixer', seeds: 3 });
    expect(groups?.pairs[0]?.p).toBeCloseTo(1 - 4 / Math.sqrt(18), 12);
    const ps = (groupsOf(two)?.[0]?.pairs ?? []).toSorted((a, b) => a.p - b.p);
    expect(ps[0]?.adjusted).toBeCloseTo(10 * (ps[0]?.p ?? 0), 12);
    expect(ps[1]?.adjusted).toBeCloseTo(9 * (ps[1]?.p ?? 0), 12);
  });

  it('name the better row over the seeds that both ran, though its mean over all seeds be the lower one', () => {
    const crossed = {
      fastformer: [0.7, 0.71, 0.7, 0.72, null, null],
      none: [0.6, 0.61, 0.6, 0.62 + 1e-4, 0.99, 0.99, 0.99, 0.99],
    };
    const [groups] = groupsOf(crossed) ?? [];
    expect(groups?.rows[0]?.architecture).toBe('none');
    expect(groups?.pairs[0]).toMatchObject({ above: 'Fastformer', below: 'No mixer' });
    expect(groups?.rows.map(({ letters }) => letters)).toEqual(['a', 'b']);
  });

  it('stand in the table, in its facts and on the terminal, with attention removed by name', async () => {
    const setting = settingOf(records(two));
    const fact = setting?.facts.find(({ name }) => name === 'Told apart')?.value ?? '';
    expect(fact).toBe(
      '4 of 10 pairs of rows, by accuracy, paired t over shared seeds with Holm’s correction over the pairs: Linformer below Transformer and Fastformer; No mixer below Transformer and Fastformer. No mixer (attention removed) is told apart from 2 of the 4 other rows',
    );
    expect(await lineOf(two)).toBe(`table-4, ${setting?.title ?? ''}, told apart: ${fact}`);
    const place = setting?.grid.columns[0]?.columns.indexOf('rank group') ?? -1;
    const letters = setting?.grid.groups[0]?.rows.map(({ header, cells }) => [header, cells[place]?.text]);
    expect(letters).toContainEqual(['Longformer', 'ab']);
    expect(letters).toContainEqual(['No mixer', 'b']);
  });

  it('are one where chance may order the rows', async () => {
    const open = { fastformer: [0.8, 0.7, 0.75], none: [0.7, 0.8, 0.76] };
    expect(lettersIn(open)?.map(([, letters]) => letters)).toEqual(['a', 'a']);
    expect(await lineOf(open)).toMatch(/: none of 1 pair .* the order of the rows may be chance\. No mixer/);
  });

  it('are none where no two rows share two seeds or differ by more than a constant, and it is said why', async () => {
    const untold = [
      { fastformer: [0.8], none: [0.7] },
      { fastformer: [0.8, 0.9, null, null], none: [null, null, 0.7, 0.6] },
      { fastformer: [0.5, 0.75], none: [0.25, 0.5] },
    ];
    for (const scores of untold) {
      expect(lettersIn(scores)?.map(([, letters]) => letters)).toEqual([null, null]);
      expect(await lineOf(scores)).toMatch(/told apart: not tested: no two rows share two seeds or more/);
      expect(settingOf(records(scores))?.grid.columns[0]?.columns).not.toContain('rank group');
    }
    expect(groupsOf({ fastformer: [0.8, 0.9] })).toEqual([]);
  });

  it('count the pairs that could not be tested', async () => {
    const some = { ...two, longformer: [0.75] };
    expect(groupsOf(some)?.[0]?.untested).toBe(4);
    expect(await lineOf(some)).toContain('Not tested: 4 pairs with fewer than two shared seeds');
  });

  it('are computed again by verify-report', async () => {
    const html = await buildReport(records(two), { generatedFrom: 'records' });
    const content = recordsInside(html);
    expect(content).not.toBeNull();
    const cell = />ab<\/td>/;
    expect(html).toMatch(cell);
    const { difference } = await verifyPage(html.replace(cell, '>a</td>'), content!);
    expect(difference).toMatchObject({ page: 'a', records: 'ab' });
    expect(difference?.place).toContain('rank group');
  });
});
