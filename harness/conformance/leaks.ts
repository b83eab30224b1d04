/** No tensor is left behind: not by a forward and backward pass, not by a mixer that is disposed of. */
import * as tf from '@tensorflow/tfjs-core';
import type { Architecture } from '../../architectures/contract.js';
import { limit } from './check.js';
import type { Check } from './check.js';
import { createSubject, maskOf, objectiveWeights, randomTokens, runBothWays, shortSizes } from './subject.js';
import type { Subject } from './subject.js';

const repeats = 3;

export function checkLeaks(architecture: Architecture): Check[] {
  liveOnce(architecture); // what a first use makes for all time, such as kernels, is no leak
  const before = tf.memory().numTensors;
  const passes = liveOnce(architecture);
  const lives = tf.memory().numTensors - before - passes;
  const detail = `${passes} by ${repeats} forward and backward passes, ${lives} by creating and disposing`;
  return [limit('no tensor leaks', Math.abs(passes) + Math.abs(lives), 0, detail)];
}

/** Creates a mixer, uses and disposes it. @returns tensors that the passes left behind */
function liveOnce(architecture: Architecture): number {
  const subject = createSubject(architecture, shortSizes);
  try {
    pass(subject);
    const before = tf.memory().numTensors;
    for (let i = 0; i < repeats; i++) pass(subject);
    return tf.memory().numTensors - before;
  } finally {
    subject.dispose();
  }
}

function pass(subject: Subject): void {
  tf.tidy(() => {
    const { length, hidden } = subject.sizes;
    const mask = maskOf([length, 5], length);
    runBothWays(subject, randomTokens(2, subject.sizes), mask, objectiveWeights([2, length, hidden]));
  });
}
