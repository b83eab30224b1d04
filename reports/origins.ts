/**
 * Records of several folders as one set: which came from where, and what was left out.
 *
 * A cell's score does not depend on the machine, so of one cell the run that ended last counts. Its time does: a speed
 * cell that was run on two machines stays in both, and their times meet in no curve.
 */
import { z } from 'zod';
import type { RunRecord } from '../harness/record.js';
import { canonical, compareText, currentRecords, sameMeasurement } from './summary/records.js';

/** Some records, and what a reader should call the place they came from. */
export interface Source {
  readonly name: string;
  readonly records: readonly RunRecord[];
}

export const originsSchema = z.strictObject({
  /** In the order given. */
  sources: z.array(z.strictObject({ name: z.string(), records: z.array(z.string()) })),
  /** Runs of a cell that another run stands for: ids, and both places. */
  leftOut: z.array(
    z.strictObject({ id: z.string(), source: z.string(), keptId: z.string(), keptSource: z.string() }),
  ),
});
export type Origins = z.infer<typeof originsSchema>;

export interface Merged {
  readonly records: readonly RunRecord[];
  readonly origins: Origins;
}

/** The same sources in another order give the same records. */
export function mergeSources(given: readonly Source[]): Merged {
  const all = given.flatMap(({ name, records }) => records.map((record) => ({ name, record })));
  const current = currentRecords(all.map(({ record }) => record));
  const kept = new Map(current.map((record) => [sameMeasurement(record), record]));
  const sourceOf = (wanted: RunRecord) => all.find(({ record }) => record === wanted)?.name ?? '';
  const leftOut = all.flatMap(({ name, record }) => {
    const winner = kept.get(sameMeasurement(record));
    // A copy of the same file says nothing new.
    if (winner === undefined || winner === record || canonical(winner) === canonical(record)) return [];
    return [{ id: record.id, source: name, keptId: winner.id, keptSource: sourceOf(winner) }];
  });
  return {
    records: current,
    origins: {
      sources: given.map(({ name, records }) => ({
        name,
        records: records.filter((record) => current.includes(record)).map(({ id }) => id),
      })),
      leftOut: leftOut.toSorted((a, b) => compareText(a.id, b.id) || compareText(a.source, b.source)),
    },
  };
}
