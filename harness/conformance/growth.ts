/**
 * True cost: what a forward and backward pass needs grows with the length as the complexity says.
 *
 * Between two lengths, cost ~ N^exponent, so exponent = log(cost ratio) / log(length ratio). Counted, not timed: the
 * same on every machine. Multiply-adds alone would not show an N x N mask; bytes do.
 */
import * as tf from '@tensorflow/tfjs-core';
import { lengthExponent } from '../../architectures/complexity.js';
import type { Architecture } from '../../architectures/contract.js';
import { profileTensors } from '../memory.js';
import { limit } from './check.js';
import type { Check } from './check.js';
import { countMultiplyAdds } from './counts.js';
import { createSubject, objectiveWeights, randomTokens, runBothWays } from './subject.js';
import type { Subject } from './subject.js';

const lengths = [512, 4096] as const;
/** Beyond the exponent of the complexity: room for what does not grow evenly, such as a last shorter block. */
const room = 0.1;

const quantities = [
  ['multiply-adds grow as the complexity says', 'multiplyAdds'],
  ['peak tensor bytes grow as the complexity says', 'peakBytes'],
  ['bytes written grow as the complexity says', 'writtenBytes'],
] as const;

export async function checkGrowth(architecture: Architecture): Promise<Check[]> {
  const allowed = lengthExponent(architecture.complexity) + room;
  const short = await needsAt(architecture, lengths[0]);
  const long = await needsAt(architecture, lengths[1]);
  return quantities.map(([name, quantity]) => {
    const exponent = Math.log(long[quantity] / short[quantity]) / Math.log(lengths[1] / lengths[0]);
    const detail = `${architecture.complexity}; ${short[quantity]} at length ${lengths[0]}, ${long[quantity]} at ${lengths[1]}`;
    return limit(name, exponent, allowed, detail);
  });
}

interface Needs {
  readonly multiplyAdds: number;
  /** Alive at once, beyond what was alive before. */
  readonly peakBytes: number;
  readonly writtenBytes: number;
}

async function needsAt(architecture: Architecture, length: number): Promise<Needs> {
  const subject = createSubject(architecture, { length, hidden: 16, heads: 1 });
  const before = tf.memory().numBytes;
  try {
    const multiplyAdds = countMultiplyAdds(() => {
      tf.tidy(() => {
        subject.mix(randomTokens(1, subject.sizes));
      });
    });
    const { peakBytes, writtenBytes } = await profileTensors(() => {
      pass(subject);
    });
    return { multiplyAdds, peakBytes: peakBytes - before, writtenBytes };
  } finally {
    subject.dispose();
  }
}

function pass(subject: Subject): void {
  tf.tidy(() => {
    const { length, hidden } = subject.sizes;
    const mask = tf.ones<tf.Rank.R2>([1, length]);
    runBothWays(subject, randomTokens(1, subject.sizes), mask, objectiveWeights([1, length, hidden]));
  });
}
