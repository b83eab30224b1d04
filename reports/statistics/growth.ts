/** How a quantity grows with the length: the exponent of a power law, by least squares on logarithms. */
import { criticalT, type Interval, mean } from './describe.js';

export interface Growth {
  readonly exponent: number;
  /** 95 % Student-t interval of the slope; null for two points, which always lie on a line. */
  readonly interval: Interval | null;
  readonly points: number;
}

/** A length and what was measured or counted there. */
export interface GrowthPoint {
  readonly length: number;
  readonly value: number;
}

/**
 * log(value) = a + exponent * log(length). Several measurements of one length may be given as several points.
 *
 * @returns null for fewer than two lengths
 */
export function growthOf(points: readonly GrowthPoint[]): Growth | null {
  const x = points.map(({ length }) => Math.log(length));
  const y = points.map(({ value }) => Math.log(value));
  if (new Set(x).size < 2) return null;
  const [meanX, meanY] = [mean(x), mean(y)];
  const spread = x.reduce((sum, value) => sum + (value - meanX) ** 2, 0);
  const exponent = x.reduce((sum, value, i) => sum + (value - meanX) * ((y[i] ?? NaN) - meanY), 0) / spread;
  if (points.length < 3) return { exponent, interval: null, points: points.length };
  const residuals = y.map((value, i) => value - meanY - exponent * ((x[i] ?? NaN) - meanX));
  const degrees = points.length - 2;
  const variance = residuals.reduce((sum, value) => sum + value ** 2, 0) / degrees;
  const half = criticalT(degrees) * Math.sqrt(variance / spread);
  return { exponent, interval: [exponent - half, exponent + half], points: points.length };
}
