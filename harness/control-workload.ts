/**
 * A fixed piece of work that has nothing to do with any architecture, timed beside every cell: when it takes longer than
 * before, the machine has changed, not the architecture. Half of it is matrix products, half is passes over memory, as
 * in the steps themselves.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { readNumber } from './training-step.js';

export interface ControlWorkload {
  /** Seconds of each of some runs. */
  time(): Promise<number[]>;
  dispose(): void;
}

/**
 * Width of the square matrices and numbers of the vector that is passed over: about ten milliseconds on each backend,
 * long enough to be timed and no more than a few steps of a small cell.
 */
const usual = { width: 256, elements: 2 ** 18 };
const slower: Readonly<Record<string, typeof usual>> = {
  wasm: { width: 160, elements: 2 ** 15 },
  cpu: { width: 64, elements: 2 ** 14 },
};
const runs = 5;

export function createControlWorkload(): ControlWorkload {
  const { width, elements } = slower[tf.getBackend()] ?? usual;
  const matrix = tf.tidy(() => tf.div<Tensor2D>(tf.ones([width, width]), width));
  const vector = tf.ones([elements]);
  const work = () =>
    tf.tidy(() => {
      let product = matrix;
      for (let i = 0; i < 8; i++) product = tf.matMul(product, matrix);
      let passed = vector;
      for (let i = 0; i < 4; i++) passed = tf.tanh(tf.add(passed, 1));
      return tf.add(tf.sum(product), tf.sum(passed));
    });
  return {
    time: async () => {
      await readNumber(work());
      const seconds: number[] = [];
      for (let run = 0; run < runs; run++) {
        const start = performance.now();
        await readNumber(work());
        seconds.push((performance.now() - start) / 1000);
      }
      return seconds;
    },
    dispose: () => {
      tf.dispose([matrix, vector]);
    },
  };
}

/** A product that takes this long is timed well enough. */
const longEnough = 0.02;

/**
 * Multiply-adds a second of the fastest large matrix product here: no step can be faster than its products at this rate.
 * The matrices grow until a product takes long enough to be timed.
 */
export async function matrixProductRate(): Promise<number> {
  let rate = 0;
  for (let size = 256; size <= 2_048; size *= 2) {
    const seconds = await productSeconds(size);
    rate = Math.max(rate, size ** 3 / seconds);
    if (seconds > longEnough) break;
  }
  return rate;
}

/** The fastest of a few products of square matrices. */
async function productSeconds(size: number): Promise<number> {
  const matrix = tf.ones<tf.Rank.R2>([size, size]);
  let fastest = Infinity;
  for (let run = 0; run < 4; run++) {
    const start = performance.now();
    const product = tf.matMul(matrix, matrix);
    await readNumber(tf.tidy(() => tf.slice(product, [0, 0], [1, 1])));
    fastest = Math.min(fastest, (performance.now() - start) / 1000);
    product.dispose();
  }
  matrix.dispose();
  return fastest;
}
