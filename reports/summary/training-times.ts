/** Training times that compare: those of one machine, where records of several are merged. */
import type { RunRecord } from '../../harness/record.js';
import { machineKey } from './machine.js';
import { groupBy } from './records.js';

/**
 * Seconds of the runs that were made on the machine that most runs of a setting were made on: the others' do not compare.
 * @param setting - all rows of the setting
 */
export function timesOf({ records }: Timed, setting: readonly Timed[]): number[] {
  const machine = clockOf(setting);
  return records.flatMap((record) =>
    record.seconds === null || machineKey(record) !== machine ? [] : [record.seconds],
  );
}

type Timed = { readonly records: readonly RunRecord[] };

/** Of several with as many runs, the first of the alphabet; null where nothing ran. */
function clockOf(setting: readonly Timed[]): string | null {
  const runs = setting.flatMap(({ records }) => records).filter(({ seconds }) => seconds !== null);
  const counts = groupBy(runs, machineKey).map(([key, group]) => ({ key, count: group.length }));
  return counts.toSorted((a, b) => b.count - a.count)[0]?.key ?? null;
}
