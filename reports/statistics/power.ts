/**
 * Which difference would have been seen? The power of a paired t test, and its inverse.
 *
 * With n pairs and a standard deviation s of their differences, a true difference d makes t noncentral with n - 1 degrees
 * of freedom and noncentrality d sqrt(n) / s (Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 2,
 * 1995, chapter 31). Given w, the observed deviation over the true one, t is normal round it:
 *
 *     power = E_w[ Phi(lambda - c w) + Phi(-lambda - c w) ],   (n - 1) w^2 ~ chi squared with n - 1 degrees,
 *
 * c the critical value of t. The usual (c + t_power) s / sqrt(n) is too small with three seeds or so; this is exact.
 */
import normalDistribution from '@stdlib/stats-base-dists-normal-cdf';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { criticalT } from './describe.js';

const defaultPower = 0.8;

/**
 * @param noncentrality - true difference x sqrt(n) / standard deviation of the differences
 * @returns chance that the two-sided 5 % test of n = degrees + 1 pairs sees it, 0 to 1
 */
export function pairedPower(noncentrality: number, degrees: number): number {
  const critical = criticalT(degrees);
  const rejected = (w: number) =>
    normalDistribution(noncentrality - critical * w, 0, 1) +
    normalDistribution(-noncentrality - critical * w, 0, 1);
  let sum = 0;
  let weights = 0;
  for (let step = 0; step < steps; step++) {
    const w = ((step + 0.5) * widest) / steps;
    // Density of w without its constant; scaled by its value near the maximum, so that nothing underflows.
    const weight = Math.exp((degrees - 1) * Math.log(w) - (degrees * (w * w - 1)) / 2);
    sum += weight * rejected(w);
    weights += weight;
  }
  return sum / weights;
}

/** Of the integral over w: with one degree of freedom there is nothing beyond eight. */
const steps = 400;
const widest = 8;

/**
 * The smallest true difference that the paired two-sided 5 % test sees with the power asked for.
 *
 * @param deviation - standard deviation of the differences between pairs
 * @param pairs - at least 2
 */
export function detectableDifference(deviation: number, pairs: number, power = defaultPower): number {
  let low = 0;
  let high = 1;
  while (pairedPower(high, pairs - 1) < power) high *= 2;
  for (let halving = 0; halving < 40; halving++) {
    const middle = (low + high) / 2;
    if (pairedPower(middle, pairs - 1) < power) low = middle;
    else high = middle;
  }
  return (high * deviation) / Math.sqrt(pairs);
}

/**
 * The same for what a finite test set leaves open: each of two accuracies near `accuracy` has the binomial standard error
 * sqrt(p (1 - p) / m) over other test texts of the kind, and their difference sqrt(2) times it at most, since two models
 * mostly err on the same texts. Normal approximation: (z_0.975 + z_power) times the standard error.
 *
 * @param texts - m, of the test set
 */
export function detectableOverTexts(accuracy: number, texts: number, power = defaultPower): number {
  const standardError = Math.sqrt((2 * accuracy * (1 - accuracy)) / texts);
  return (normalQuantile(0.975, 0, 1) + normalQuantile(power, 0, 1)) * standardError;
}
