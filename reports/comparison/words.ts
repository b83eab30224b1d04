/** Changes in words: the same in the text, the page and its tables. */
import { bytes, counted, points, probability, seconds, significant } from '../format.js';
import type { Change } from './contract.js';
import type { GateResult } from './gates.js';

/** `1.20 s`, `92.0 MB`, `84.3 %` */
export function valueText(value: number, { quantity }: Pick<Change, 'quantity'>): string {
  if (quantity === 'time') return seconds(value);
  return quantity === 'memory' ? bytes(value) : `${(100 * value).toFixed(2)} %`;
}

/** `+5.20 %`; of scores `−0.4 points`. */
export const changeText = ({ quantity, change }: Pick<Change, 'quantity' | 'change'>): string =>
  quantity === 'score' ? `${points(change, 2)} points` : `${shareText(change)} %`;

export function intervalText({ quantity, interval }: Pick<Change, 'quantity' | 'interval'>): string {
  if (interval === null) return quantity === 'memory' ? 'exact' : 'none';
  const [low, high] = interval;
  return quantity === 'score'
    ? `${points(low, 2)} to ${points(high, 2)}`
    : `${shareText(low)} to ${shareText(high)} %`;
}

function shareText(share: number): string {
  const text = significant(Math.abs(100 * share));
  return `${share < 0 && Number(text) !== 0 ? '−' : '+'}${text}`;
}

export const probabilityText = ({ p }: Pick<Change, 'p'>): string =>
  p === null ? 'not tested' : probability(p);

/** `slower than 5 %: 2 of 9 changes, 1 new failure` */
export function gateText({ name, limit, judged, noisy, changes, failures }: GateResult): string {
  const unit = name === 'accuracy' ? 'points' : '%';
  const beyond = limit === 0 ? 'at all' : `by more than ${Number((100 * limit).toFixed(6))} ${unit}`;
  const what = { slower: 'slower', memory: 'more memory', accuracy: 'lower scores' }[name];
  const broken = failures.length === 0 ? '' : `, ${counted(failures.length, 'new failure')}`;
  return `${what} ${beyond}: ${changes.length} of ${judged} judged${broken}${noisy === 0 ? '' : `, ${noisy} too noisy to tell`}`;
}
