/** What graphs share, keep and give back. */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { Architecture } from '../../architectures/contract.js';
import { fastformer } from '../../architectures/fastformer.js';
import { compile, createStepState, worthwhileRuns } from '../../harness/backends/compile.js';
import type { NativeBackend } from '../../harness/backends/native-backend.js';
import { useBackend } from '../support/backend.js';
import { batchOf, createGraphModel, numberOf } from '../support/graph-model.js';

const architecture = fastformer as unknown as Architecture;
const graphModel = () => createGraphModel(architecture, {}, { execution: 'graph' });
const eagerModel = () => createGraphModel(architecture, {}, { execution: 'eager' });

/** Adds `x` to one variable, and gives its sum. */
function counter(execution: 'graph' | 'auto' = 'graph', expectedRuns = 100) {
  const total = tf.tidy(() => tf.variable(tf.zeros([2]), false));
  const state = createStepState([total], { execution });
  const step = compile(
    ({ x }: { x: tf.Tensor }) => {
      total.assign(tf.add(total, tf.mean(x)));
      return { loss: tf.sum<Scalar>(total) };
    },
    { state, expectedRuns, name: 'the counter' },
  );
  const add = (...values: number[]) => {
    const x = tf.tensor1d(values);
    const loss = numberOf(step.run({ x }));
    x.dispose();
    return loss;
  };
  const dispose = () => {
    state.dispose();
    total.dispose();
  };
  return { total, state, step, add, dispose };
}

describe('graphs over one state', () => {
  useBackend('tensorflow');

  it('share it among shapes, those that come later too', () => {
    const { total, state, add, dispose } = counter();
    expect([add(1), add(1), add(2, 4), add(1), add(1, 1, 1)]).toEqual([2, 4, 10, 12, 14]);
    state.settle();
    expect([...total.dataSync()]).toEqual([7, 7]);
    dispose();
  });

  it('share it between training and evaluation, and between shapes of batches, as eager steps do', () => {
    const [graph, eager] = [graphModel(), eagerModel()];
    for (const [i, length] of [40, 16, 40, 24, 16].entries()) {
      const batch = batchOf(2 + (i % 2), length, i + 1);
      for (const kind of ['step', 'evaluation'] as const) {
        const [a, b] = [numberOf(graph[kind].run(batch)), numberOf(eager[kind].run(batch))];
        expect(Math.abs(a / b - 1)).toBeLessThan(1e-5);
      }
      tf.dispose(batch);
    }
    graph.dispose();
    eager.dispose();
  });

  it('see what is assigned from outside, and lose nothing by it', () => {
    const { total, state, add, dispose } = counter();
    add(5);
    const ten = tf.tensor1d([10, 20]);
    total.assign(ten);
    ten.dispose();
    expect(add(1)).toBe(32);
    state.settle();
    expect([...total.dataSync()]).toEqual([11, 21]);
    dispose();
  });

  it('give snapshots that later steps do not change, and take them back', () => {
    const { total, state, add, dispose } = counter();
    add(1);
    const kept = state.snapshot();
    add(1);
    add(1);
    expect([...(kept[0] as tf.Tensor).dataSync()]).toEqual([1, 1]);
    state.restore(kept);
    expect(add(1)).toBe(4);
    state.settle();
    expect([...total.dataSync()]).toEqual([2, 2]);
    tf.dispose(kept);
    dispose();
  });

  it('run shapes that come seldom eagerly, on the same state', () => {
    const total = tf.tidy(() => tf.variable(tf.scalar(0), false));
    const state = createStepState([total]);
    const step = compile(
      ({ x }: { x: tf.Tensor }) => {
        total.assign(tf.add(total, tf.sum(x)));
        return { loss: tf.mul<Scalar>(total, 1) };
      },
      { state, expectedRuns: ({ x }) => (x.size === 1 ? worthwhileRuns : 1) },
    );
    const add = (...values: number[]) => numberOf(step.run({ x: tf.tensor1d(values) }));
    expect([add(1), add(1, 1), add(1), add(2, 2)]).toEqual([1, 3, 4, 8]);
    expect(step.compilation).toMatchObject({
      decision: 'graph',
      expectedRuns: worthwhileRuns,
      reason: `a graph pays from ${worthwhileRuns} runs of one shape on`,
    });
    expect(step.compilation.traceSeconds).toBeGreaterThan(0);
    expect(step.compilation.firstStepSeconds).toBeGreaterThan(0);
    state.dispose();
  });

  it('draw dropout anew for each seed, and the same for the same', () => {
    const { step, state, variables, dispose } = graphModel();
    const start = state.snapshot();
    const lossOf = (seed: number) => {
      state.restore(start);
      const batch = { ...batchOf(3, 40), seed: tf.tensor1d([seed], 'int32') };
      const loss = numberOf(step.run(batch));
      tf.dispose(batch);
      return loss;
    };
    const [first, again, other] = [lossOf(1), lossOf(1), lossOf(2)];
    expect(again).toBe(first);
    expect(other).not.toBe(first);
    expect(variables.size).toBeGreaterThan(0);
    tf.dispose(start);
    dispose();
  });

  it('are traced before the first run where shapes are announced, and the state stays as it was', () => {
    const { total, step, add, dispose } = counter();
    step.prepare([{ x: tf.zeros([1]) }, { x: tf.zeros([4]) }]);
    const { traceSeconds } = step.compilation;
    expect([...total.dataSync()]).toEqual([0, 0]);
    expect([add(1), add(1, 2, 3, 2)]).toEqual([2, 6]);
    expect(step.compilation.traceSeconds).toBeLessThan(traceSeconds + 1);
    dispose();
  });

  it('say how many bytes a run takes at most: the state, the inputs and what lives between two of them', () => {
    const { step, dispose } = counter();
    const x = tf.zeros([1000]);
    // The variable, the input, and the new value beside its sum.
    const bytes = step.peakBytes({ x }) ?? 0;
    expect(bytes).toBeGreaterThanOrEqual(4 * 1002);
    expect(bytes).toBeLessThan(4 * 1020);
    dispose();
  });

  it('leave no tensor and no session behind', () => {
    const backend = tf.backend() as unknown as NativeBackend;
    const binding = backend.binding as unknown as {
      getNumOfSavedModels: () => number;
      getNumOfTensors: () => number;
    };
    const count = () => [binding.getNumOfSavedModels(), binding.getNumOfTensors(), tf.memory().numTensors];
    const once = () => {
      const { step, evaluation, dispose } = graphModel();
      for (const length of [40, 16]) {
        const batch = batchOf(3, length);
        numberOf(step.run(batch));
        numberOf(evaluation.run(batch));
        tf.dispose(batch);
      }
      dispose();
    };
    once();
    const before = count();
    once();
    expect(count()).toEqual(before);
  });

  it('take constant memory over 2,000 steps', () => {
    const { step, state, dispose } = graphModel();
    const batch = batchOf(3, 40);
    const run = (times: number) => {
      for (let i = 0; i < times; i++) numberOf(step.run(batch));
    };
    run(200);
    const [tensors, resident] = [tf.memory().numTensors, process.memoryUsage().rss];
    run(2000);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(process.memoryUsage().rss - resident).toBeLessThan(30e6);
    state.settle();
    tf.dispose(batch);
    dispose();
  });

  it('multiply in bfloat16 where asked, near to float32 but not the same', () => {
    const narrow = createGraphModel(architecture, {}, { precision: 'bfloat16' });
    const wide = graphModel();
    const batch = batchOf(3, 40);
    const [a, b] = [numberOf(narrow.evaluation.run(batch)), numberOf(wide.evaluation.run(batch))];
    expect(a).not.toBe(b);
    expect(Math.abs(a / b - 1)).toBeLessThan(1e-2);
    tf.dispose(batch);
    narrow.dispose();
    wide.dispose();
  });
});
