/** The state of steps: the variables that they assign, wherever the values are. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import { createSharedGraph, type Precision, type SharedGraph } from './graph/shared-graph.js';
import type { NativeBackend } from './native-backend.js';

/** `auto`: a graph where it pays; `graph`: a graph or an error. */
export type ExecutionChoice = 'auto' | 'graph' | 'eager';

/** Variables that steps assign, and what steps over them share. */
export interface StepState {
  readonly variables: readonly Variable[];
  readonly execution: ExecutionChoice;
  readonly precision: Precision;
  /** Null where the backend has no graphs. */
  readonly graph: SharedGraph | null;
  /** Variables as they are now, brought back from where steps have changed them. */
  settle(): void;
  /** The values as they are now; the caller disposes them. Cheap: numbers are shared until a step replaces them. */
  snapshot(variables?: readonly Variable[]): Tensor[];
  /** Puts the values of a snapshot back. */
  restore(values: readonly Tensor[], variables?: readonly Variable[]): void;
  /** Frees the graphs; the variables are the caller's, and have their last values. */
  dispose(): void;
}

export interface StateOptions {
  readonly execution?: ExecutionChoice;
  /** Of matrix products; less than float32 needs a graph. */
  readonly precision?: Precision;
}

/** A graph, or what needs one, was asked for where there can be none. */
export class NoGraph extends Error {
  override readonly name = 'NoGraph';
}

export function createStepState(
  variables: readonly Variable[],
  { execution = 'auto', precision = 'float32' }: StateOptions = {},
): StepState {
  const native = tf.getBackend() === 'tensorflow' && execution !== 'eager';
  if (!native && (execution === 'graph' || precision !== 'float32')) {
    const wanted = execution === 'graph' ? 'graphs' : precision;
    throw new NoGraph(
      `${wanted} need the native backend (tensorflow or tensorflow-gpu) and no eager execution`,
    );
  }
  const graph = native
    ? createSharedGraph(tf.backend() as unknown as NativeBackend, variables, precision)
    : null;
  const settle = () => {
    graph?.settle();
  };
  return {
    variables,
    execution,
    precision,
    graph,
    settle,
    snapshot: (some = variables) => {
      settle();
      return some.map((variable) => tf.clone<Tensor>(variable));
    },
    restore: (values, some = variables) => {
      for (const [i, variable] of some.entries()) {
        const value = values[i];
        if (value !== undefined) variable.assign(value);
      }
    },
    dispose: () => {
      graph?.dispose();
    },
  };
}
