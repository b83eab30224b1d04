/**
 * Makes a step ready to run many times.
 *
 * A step is a pure function: tensors in, tensors out, nothing read back inside, and everything that changes from call to
 * call (batch, learning rate, seeds) an input. What it changes beside its outputs is declared as state. On the native
 * backends a step that will run often becomes one TensorFlow graph; elsewhere, and where a trace would not pay, it runs
 * op by op. Both give the same numbers.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { type Compilation, createGraphsByShape, type Execution } from './graph/graphs-by-shape.js';
import type { Step } from './graph/trace.js';
import type { StepState } from './step-state.js';

export { type Compilation, worthwhileRuns } from './graph/graphs-by-shape.js';
export type { Precision } from './graph/shared-graph.js';
export {
  createStepState,
  type ExecutionChoice,
  NoGraph,
  type StateOptions,
  type StepState,
} from './step-state.js';

export interface CompileOptions<Inputs> {
  readonly state: StepState;
  /** How often the step will run with inputs of these shapes. */
  readonly expectedRuns: number | ((inputs: Inputs) => number);
  /** What messages call it. */
  readonly name?: string;
}

export interface CompiledStep<Inputs, Outputs> {
  /** How it runs; before the first run, how it may. */
  readonly execution: Execution;
  readonly compilation: Compilation;
  /** The caller disposes inputs and outputs. */
  run(inputs: Inputs): Outputs;
  /** Traces for the shapes of these inputs. To trace all shapes before the first run is faster than one by one. */
  prepare(examples: Iterable<Inputs>): void;
  /** Peak bytes of a run of a graph, or null where the step runs eagerly. */
  peakBytes(inputs: Inputs): number | null;
}

export function compile<
  Inputs extends { readonly [Name in keyof Inputs]: Tensor },
  Outputs extends { readonly [Name in keyof Outputs]: Tensor },
>(
  step: (inputs: Inputs) => Outputs,
  { state, expectedRuns, name = 'the step' }: CompileOptions<Inputs>,
): CompiledStep<Inputs, Outputs> {
  const runsOf = (inputs: Inputs) => (typeof expectedRuns === 'number' ? expectedRuns : expectedRuns(inputs));
  const graphs = createGraphsByShape(state, step as unknown as Step, name);
  const graphOf = (inputs: Inputs) => graphs.find(inputs, runsOf(inputs));
  return {
    get execution() {
      return graphs.compilation().decision;
    },
    get compilation() {
      return graphs.compilation();
    },
    prepare: (examples) => {
      for (const inputs of examples) graphOf(inputs);
    },
    peakBytes: (inputs) => graphOf(inputs)?.peakBytes ?? null,
    run: (inputs) => {
      const traced = graphOf(inputs);
      if (traced !== null) {
        const outputs = graphs.run(traced, inputs);
        if (outputs !== null) return outputs as unknown as Outputs;
      }
      state.settle();
      return tf.tidy(() => step(inputs) as unknown as tf.TensorContainerObject) as unknown as Outputs;
    },
  };
}
