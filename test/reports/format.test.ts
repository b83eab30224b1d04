import { describe, expect, it } from 'vitest';
import {
  bytes,
  counted,
  listed,
  percent,
  points,
  probability,
  seconds,
  secondsRange,
  significant,
  thousands,
} from '../../reports/format.js';

describe('numbers as a reader sees them', () => {
  it.each([
    [thousands(1_234_567), '1,234,567'],
    [thousands(999), '999'],
    [percent(0.52044), '52.0'],
    [points(-0.0123), '−1.2'],
    [points(0.0123), '+1.2'],
    [points(-0.0001), '+0.0'],
    [significant(0.012345), '0.0123'],
    [significant(123.4), '123'],
    [significant(45_678), '45678'],
    [significant(0), '0'],
    [seconds(0.0125), '12.5 ms'],
    [seconds(1.25), '1.25 s'],
    [seconds(200), '3 min 20 s'],
    [seconds(7_500), '2 h 5 min'],
    [secondsRange([0.06, 0.0634]), '60.0 – 63.4 ms'],
    [secondsRange([0.9, 1.1]), '900 ms – 1.10 s'],
    [bytes(92e6), '92.0 MB'],
    [bytes(4.1e9), '4.10 GB'],
    [probability(0.0001), 'p < 0.001'],
    [probability(0.0214), 'p = 0.021'],
    [probability(0.412), 'p = 0.41'],
    [counted(1, 'seed'), '1 seed'],
    [counted(3, 'seed'), '3 seeds'],
    [listed(['a', 'b', 'c']), 'a, b and c'],
    [listed([]), ''],
  ])('%s', (actual, expected) => {
    expect(actual).toBe(expected);
  });
});
