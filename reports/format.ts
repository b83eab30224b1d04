/** Numbers as a reader sees them. The same digits everywhere, whatever the machine's locale. */
import type { Interval } from './statistics/index.js';

/** 12345 -> `12,345`. */
export const thousands = (value: number): string => value.toFixed(0).replace(/\B(?=(\d{3})+$)/g, ',');

/** A fraction of 1 in percent, without the sign: 0.5204 -> `52.0`. */
export const percent = (fraction: number, digits = 1): string => (100 * fraction).toFixed(digits);

/** A difference of fractions in percentage points, with its sign and a true minus. */
export const points = (difference: number, digits = 1): string => {
  const text = (100 * Math.abs(difference)).toFixed(digits);
  return `${difference < 0 && Number(text) !== 0 ? '−' : '+'}${text}`;
};

/** Half the width of an interval that is centred on its mean, in percentage points. */
export const halfWidth = (interval: Interval): string => percent((interval[1] - interval[0]) / 2);

/** Three significant digits, never as 1e-7 inside the range that occurs: 0.01234 -> `0.0123`, 123.4 -> `123`. */
export function significant(value: number): string {
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(12, digits));
}

/** Seconds in the unit that suits them: `1.25 s`, `12.5 ms`, `3 min 20 s`. */
export function seconds(value: number): string {
  if (value < 1) return `${significant(1_000 * value)} ms`;
  if (value < 120) return `${significant(value)} s`;
  const whole = Math.round(value);
  return whole < 7_200
    ? `${Math.floor(whole / 60)} min ${whole % 60} s`
    : `${Math.floor(whole / 3_600)} h ${Math.round((whole % 3_600) / 60)} min`;
}

/** Two times in one unit: `60.6 – 63.4 ms`. */
export function secondsRange([low, high]: Interval): string {
  if (high < 1) return `${significant(1_000 * low)} – ${significant(1_000 * high)} ms`;
  return low >= 1 && high < 120
    ? `${significant(low)} – ${significant(high)} s`
    : `${seconds(low)} – ${seconds(high)}`;
}

/** Bytes in MB (10^6) or GB. */
export const bytes = (value: number): string =>
  value < 1e9 ? `${significant(value / 1e6)} MB` : `${significant(value / 1e9)} GB`;

export const probability = (p: number): string =>
  p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(p < 0.1 ? 3 : 2)}`;

/** `1 seed`, `3 seeds`. */
export const counted = (count: number, noun: string): string =>
  `${thousands(count)} ${noun}${count === 1 ? '' : 's'}`;

/** `a, b and c`. */
export function listed(items: readonly string[]): string {
  const last = items.at(-1);
  if (last === undefined) return '';
  return items.length === 1 ? last : `${items.slice(0, -1).join(', ')} and ${last}`;
}
