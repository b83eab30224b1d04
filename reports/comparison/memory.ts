/** Does a cell hold more tensors at once than it did? Counted, so exact. */
import type { RunRecord } from '../../harness/record.js';
import { counted } from '../format.js';
import type { CellRuns } from './cells.js';
import type { Draft } from './contract.js';

export function memoryDraft({ title: cell, base, head }: CellRuns): Draft[] {
  const [before, after] = [peakOf(base), peakOf(head)];
  if (before === null || after === null || before === 0) return [];
  return [
    {
      alone: null,
      conclude: () => ({
        cell,
        quantity: 'memory',
        title: 'peak of tensors',
        base: before,
        head: after,
        change: after / before - 1,
        interval: null,
        p: null,
        n: base.length + head.length,
        verdict: after > before ? 'worse' : after < before ? 'better' : 'no difference detected',
        reason: `counted, the largest of ${counted(base.length, 'run')} and ${counted(head.length, 'run')}${manner(base, head)}`,
        records: [...base, ...head].map(({ id }) => id),
      }),
    },
  ];
}

function peakOf(records: readonly RunRecord[]): number | null {
  const peaks = records.flatMap(({ memory }) => memory.peakTensorBytes ?? []);
  return peaks.length === 0 ? null : Math.max(...peaks);
}

/** A graph's peak is counted in another way than that of eager steps. */
function manner([base]: readonly RunRecord[], [head]: readonly RunRecord[]): string {
  if (base === undefined || head === undefined || base.execution === head.execution) return '';
  return `; base ran as ${base.execution}, head as ${head.execution}`;
}
