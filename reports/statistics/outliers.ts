/** Samples far from the rest. They are counted and shown, and never left out. */
import { median } from './describe.js';

/** How many scaled deviations from the median are far. */
const far = 3;
/** A median absolute deviation times this estimates the standard deviation of a normal sample. */
const scale = 1.4826;

/** The indices of values further than three scaled median absolute deviations from the median. */
export function outliersOf(values: readonly number[]): number[] {
  if (values.length === 0) return [];
  const centre = median(values);
  const deviation = scale * median(values.map((value) => Math.abs(value - centre)));
  if (deviation === 0) return [];
  return values.flatMap((value, index) => (Math.abs(value - centre) > far * deviation ? [index] : []));
}
