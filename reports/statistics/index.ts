/** The statistics that a report needs. */
export {
  type Interval,
  mean,
  meanInterval,
  median,
  moments,
  quantile,
  sampleDeviation,
} from './describe.js';
export { type Comparison, holm, holmOver, pairBySeed, pairedT, welch } from './compare.js';
export { bcaInterval, bootstrapInterval, bootstrapRatioInterval } from './bootstrap.js';
export { type Crossing, efficiencyLength, type EfficiencyLength, type PairedPoint } from './crossing.js';
export { type Growth, growthOf } from './growth.js';
export { lettersOf } from './letters.js';
export { outliersOf } from './outliers.js';
export { allPairs } from './pairs.js';
export { detectableDifference, detectableOverTexts } from './power.js';
export { compareRounds, type Round, smallestDifference, widestInterval } from './rounds.js';
