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
export { type Comparison, holm, pairedT, welch } from './compare.js';
export { bcaInterval, bootstrapInterval, bootstrapRatioInterval } from './bootstrap.js';
