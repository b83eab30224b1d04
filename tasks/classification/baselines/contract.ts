/** What a baseline is: a floor that a model should pass, computed without training a network. */
import type { ClassificationData } from '../data.js';

interface Predictions {
  /** Class of each validation example, in order. */
  readonly validation: Int32Array;
  /** Class of each test example, in order. */
  readonly test: Int32Array;
}

export interface Baseline {
  /** Lower case with dashes: what the command line and the records say. */
  readonly name: string;
  readonly title: string;
  /** Learns from the training examples. Deterministic: no seed. */
  predict(data: ClassificationData): Predictions;
}
