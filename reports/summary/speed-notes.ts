/** What a reader should know of one measured point before believing its time. */
import { counted, seconds } from '../format.js';
import { outliersOf, widestInterval } from '../statistics/index.js';
import type { SpeedPoint, SpeedSetting } from './speed-contract.js';
import { failureWords } from './failure-words.js';
import { physicalFloor } from './physical-floor.js';

/** Short phrases; none where all is well. */
export function speedNotes(setting: SpeedSetting, point: SpeedPoint): string[] {
  const { records, samples, failed } = point;
  const outliers = outliersOf(samples).length;
  const disturbed = records.filter(({ measuring }) => measuring?.disturbed === true).length;
  const unsettled = records.filter(({ measuring }) => measuring?.stable === false).length;
  const floor = physicalFloor(setting, point);
  const rounds = counted(records.length, 'round');
  return [
    ...(floor?.impossible === true
      ? [`impossible: below the ${seconds(floor.seconds)} of its products`]
      : []),
    ...(isTooNoisy(point) ? ['too noisy'] : []),
    ...(disturbed > 0 ? [`machine disturbed in ${disturbed} of ${rounds}`] : []),
    ...(unsettled > 0 ? [`did not settle in ${unsettled} of ${rounds}`] : []),
    ...(outliers > 0 ? [counted(outliers, 'outlier')] : []),
    ...new Set(failed.flatMap(({ failure }) => (failure === null ? [] : [failureWords(failure)]))),
  ];
}

/** An interval that is wider than tells anything. */
export function isTooNoisy({ median, interval }: SpeedPoint): boolean {
  if (median === null || interval === null) return false;
  return (interval[1] - interval[0]) / 2 > widestInterval * median;
}
