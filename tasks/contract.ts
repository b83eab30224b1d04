/**
 * What a task is: what is learned from a dataset and how it is scored. The harness trains any task through this.
 */
import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { Encoder } from '../architectures/encoder.js';
import type { Scope } from '../architectures/scope.js';
import type { Split } from './datasets/contract.js';
import type { BatchOptions } from './text/batches.js';

export type { Split };

export interface Metric {
  readonly name: string;
  readonly title: string;
  readonly unit: 'fraction' | 'seconds' | 'bytes';
  readonly better: 'higher' | 'lower';
}

/** Arrays of one batch, ready to become tensors. Rows are padded to one length. */
export interface TokenBatch {
  readonly size: number;
  readonly length: number;
  /** Token ids, 0 = padding, row-major [size, length]. */
  readonly ids: Int32Array;
  /** 1 = real token, [size, length]. */
  readonly mask: Float32Array;
  /** Class of each row, [size]. */
  readonly labels: Int32Array;
}

/** The same as tensors: the inputs of a step. */
export type BatchTensors = {
  readonly ids: Tensor2D;
  readonly mask: Tensor2D;
  readonly labels: Tensor1D;
};

/** A model of a task: the encoder with the task's head. */
export interface Model {
  /** Mean loss of a batch. */
  loss(batch: BatchTensors, context: { training: boolean; seed: Tensor1D }): Scalar;
  /** What is scored: for classification the class of each row, [B] int32. */
  predict(batch: BatchTensors): Tensor;
}

/** By metric name, fractions of 1. */
export type Scores = Readonly<Record<string, number>>;

export interface Task<Data> {
  readonly name: string;
  readonly title: string;
  readonly metrics: readonly Metric[];
  /** The metric whose best epoch is kept, higher is better. */
  readonly selection: string;
  /** Every example of a split once, in the order that the options' seed gives. */
  batches(data: Data, split: Split, options: BatchOptions): Iterable<TokenBatch>;
  model(scope: Scope, encoder: Encoder, data: Data): Model;
  /** What is right for each row of the batches, in their order; predictions are compared with it. */
  expected(batch: TokenBatch): readonly number[];
  /** Scores by name, fractions of 1. */
  evaluate(expected: readonly number[], predicted: readonly number[]): Scores;
  /** The score that a constant answer reaches on a split; a run that does not pass it on validation did not learn. */
  chance(data: Data, split: Split): number;
}
