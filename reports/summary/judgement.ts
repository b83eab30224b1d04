/** How a claim is judged by the test of its rows, and which words say so. */
import { probability } from '../format.js';
import type { Judgement } from './contract.js';

/** `p = 0.021, 0.13 after Holm over 6 claims` */
export const testResult = (alone: number, adjusted: number, family: number): string =>
  family < 2
    ? probability(alone)
    : `${probability(alone)}, ${probability(adjusted)} after Holm over ${family} claims`;

/** @param difference - positive when the claim's direction is seen */
export function judge(difference: number, p: number): Judgement {
  if (p >= 0.05) return 'inconclusive';
  return difference > 0 ? 'supported' : 'contradicted';
}
