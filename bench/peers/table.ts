/** The comparisons as lines of text. */
import { alignColumns } from '../../cli/output.js';
import { bytes, seconds, thousands } from '../../reports/format.js';
import type { Comparison, Ratio } from './comparison.js';

const columns = [
  ...['architecture', 'beside PyTorch', 'mode', 'length', 'batch', 'rounds'],
  ...['ours', 'PyTorch', 'ratio', '95 %', 'bound', 'time'],
  ...['our peak', 'its peak', 'ratio', '95 %', 'bound', 'memory', 'notes'],
];

export function tableOf(comparisons: readonly Comparison[]): string[] {
  return alignColumns([columns, ...comparisons.map(rowOf)]);
}

function rowOf(comparison: Comparison): string[] {
  const { architecture, beside, mode, length, batch, rounds, notes } = comparison;
  return [
    ...[architecture, beside, mode, thousands(length), thousands(batch), String(rounds)],
    ...ratioCells(comparison.seconds, seconds),
    ...ratioCells(comparison.memory, bytes),
    notes.join('; '),
  ];
}

function ratioCells(ratio: Ratio | null, unit: (value: number) => string): string[] {
  if (ratio === null) return ['—', '—', '—', '—', '—', '—'];
  const { ours, theirs, interval, bound, verdict } = ratio;
  const range = interval === null ? '—' : `${digits(interval[0])} – ${digits(interval[1])}`;
  return [unit(ours), unit(theirs), digits(ratio.ratio), range, digits(bound), verdict];
}

/** Bounds differ in hundredths. */
const digits = (value: number): string => (value < 100 ? value.toFixed(2) : '> 100');
