/**
 * The physical floor of a step: its multiply-adds at the rate of the fastest matrix product that was measured on this
 * machine. A step below it was not computed, or not timed: such a number is impossible, and says so.
 */
import type { SpeedPoint, SpeedSetting } from './speed-contract.js';

export interface PhysicalFloor {
  /** Of one step. */
  readonly multiplyAdds: number;
  readonly seconds: number;
  /** Whether the median lies below it. */
  readonly impossible: boolean;
}

/** @returns null where records do not tell, or where products ran in less than the float32 that the rate is of */
export function physicalFloor(setting: SpeedSetting, point: SpeedPoint): PhysicalFloor | null {
  const multiplyAdds = stepMultiplyAdds(point);
  const rates = setting.points.flatMap(({ records }) =>
    records.flatMap(({ measuring }) => measuring?.matrixProductRate ?? []),
  );
  const reduced = point.records.some(({ precision }) => precision !== 'float32');
  if (multiplyAdds === null || rates.length === 0 || reduced) return null;
  const seconds = multiplyAdds / Math.max(...rates);
  return { multiplyAdds, seconds, impossible: point.median !== null && point.median < seconds };
}

/** Counted; the same in every record of a point. */
export function stepMultiplyAdds({ records }: SpeedPoint): number | null {
  return records.map(({ costs }) => costs?.stepMultiplyAdds).find((count) => count !== undefined) ?? null;
}
