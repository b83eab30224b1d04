/** The catalogue of baselines, weakest first. */
import { chance } from './chance.js';
import type { Baseline } from './contract.js';
import { naiveBayes } from './naive-bayes.js';

export const baselines: readonly Baseline[] = [chance, naiveBayes];
