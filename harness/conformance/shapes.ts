/** Output and input have one shape and finite numbers: for odd sizes, and for every length up to the one built for. */
import * as tf from '@tensorflow/tfjs-core';
import type { Architecture, Sizes } from '../../architectures/contract.js';
import { limit } from './check.js';
import type { Check } from './check.js';
import { createSubject, isFinite, longSizes, randomTokens } from './subject.js';
import type { Subject } from './subject.js';

const sizesToTry: readonly (readonly [batch: number, sizes: Sizes])[] = [
  [1, { length: 1, hidden: 8, heads: 1 }],
  [3, { length: 1, hidden: 24, heads: 4 }],
  [2, { length: 7, hidden: 12, heads: 3 }],
  [3, { length: 33, hidden: 16, heads: 2 }],
  [1, longSizes],
];

export function checkShapes(architecture: Architecture): Check[] {
  const wrong = sizesToTry.filter(([batch, sizes]) => {
    const subject = createSubject(architecture, sizes);
    try {
      return !fits(subject, batch, sizes.length);
    } finally {
      subject.dispose();
    }
  });
  const where = wrong.map(
    ([batch, { length, hidden, heads }]) => `[${batch}, ${length}, ${hidden}] ${heads} heads`,
  );
  return [
    limit(
      'shapes over odd sizes',
      wrong.length,
      0,
      listOf(where, `${sizesToTry.length} shapes, length 1 too`),
    ),
  ];
}

/** Round powers of two, where blocks end, and well inside a block. */
const lengths = [1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 50, 63, 64, 65, 70];

/** One mixer takes every length up to the one that it was built for, a multiple of its blocks or not. */
export function checkLengths(architecture: Architecture): Check[] {
  const sizes: Sizes = { length: Math.max(...lengths), hidden: 8, heads: 2 };
  const subject = createSubject(architecture, sizes);
  try {
    const wrong = lengths.filter((length) => !fits(subject, 2, length));
    const tried = `${lengths.length} lengths from 1 to ${sizes.length} through one mixer`;
    return [limit('lengths that are no multiple of a block', wrong.length, 0, listOf(wrong, tried))];
  } finally {
    subject.dispose();
  }
}

function fits({ sizes, mix }: Subject, batch: number, length: number): boolean {
  const y = tf.tidy(() => mix(randomTokens(batch, { ...sizes, length })));
  try {
    return tf.util.arraysEqual(y.shape, [batch, length, sizes.hidden]) && isFinite(y);
  } finally {
    y.dispose();
  }
}

const listOf = (wrong: readonly (string | number)[], tried: string): string =>
  wrong.length === 0 ? tried : `wrong or not finite: ${wrong.join(', ')}`;
