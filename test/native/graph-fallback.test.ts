/** Steps that cannot be one graph run eagerly, with one message that says why. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { compile, createStepState, NoGraph, type StateOptions } from '../../harness/backends/compile.js';
import { useBackend } from '../support/backend.js';

type Body = (x: Tensor) => Tensor;

function compileBody(body: Body, options: StateOptions = {}, variables: tf.Variable[] = []) {
  const state = createStepState(variables, options);
  const step = compile(({ x }: { x: Tensor }) => ({ y: body(x) }), {
    state,
    expectedRuns: 1000,
    name: 'the plugin',
  });
  const run = (...values: number[]) => {
    const x = tf.tensor1d(values);
    const { y } = step.run({ x });
    const result = [...y.dataSync()];
    tf.dispose([x, y]);
    return result;
  };
  const dispose = () => {
    state.dispose();
  };
  return { step, run, dispose };
}

describe('a step that cannot be one graph', () => {
  useBackend('tensorflow');

  const branch: Body = (x) => ((x.dataSync()[0] ?? 0) > 0 ? tf.mul(x, 2) : tf.neg(x));

  it('runs eagerly when JavaScript decides by a value, and says so', () => {
    const { step, run } = compileBody(branch);
    expect(run(1, 2)).toEqual([2, 4]);
    expect(run(-1, 2)).toEqual([1, -2]);
    expect(step.execution).toBe('eager');
    expect(step.compilation.reason).toMatch(
      /^the plugin cannot be one graph: reads a value: .* it runs eagerly$/,
    );
  });

  it('is an error when a graph was asked for', () => {
    const { run } = compileBody(branch, { execution: 'graph' });
    expect(() => run(1)).toThrow(NoGraph);
    expect(() => compileBody(branch, { precision: 'bfloat16' }).run(1)).toThrow(/cannot be one graph/);
  });

  it('is found in the middle of a gradient, and nothing is left of the attempt', () => {
    const w = tf.tidy(() => tf.variable(tf.tensor1d([3, 4])));
    const slope: Body = (x) => {
      const loss = () => {
        const y = tf.mul(tf.square(w), x);
        return tf.sum<tf.Scalar>((y.dataSync()[0] ?? 0) > 0 ? y : tf.neg(y));
      };
      return tf.variableGrads(loss, [w]).grads[w.name] as Tensor;
    };
    const { run } = compileBody(slope, {}, [w]);
    expect(run(1, 2)).toEqual([6, 16]);
    const before = tf.memory().numTensors;
    expect(run(-1, 2)).toEqual([6, -16]);
    expect(compileBody(slope, {}, [w]).run(1, 2)).toEqual([6, 16]);
    expect(tf.memory().numTensors).toBe(before);
    w.dispose();
  });

  it('is one that draws or counts in JavaScript', () => {
    let calls = 0;
    const counted = compileBody((x) => tf.add(x, ++calls));
    const first = counted.run(0)[0] ?? NaN;
    expect(counted.run(0)).toEqual([first + 1]);
    expect(counted.step.compilation.reason).toContain('changes from run to run');
    expect(compileBody((x) => tf.add(x, tf.randomUniform([1]))).run(0)).toHaveLength(1);
  });

  it('is one that uses a variable that nobody declared', () => {
    const hidden = tf.tidy(() => tf.variable(tf.scalar(1), false));
    const { step, run } = compileBody((x) => tf.add(x, hidden));
    expect(run(1)).toEqual([2]);
    const five = tf.scalar(5);
    hidden.assign(five);
    expect(run(1)).toEqual([6]);
    expect(step.compilation.reason).toContain('undeclared variable');
    tf.dispose([hidden, five]);
  });

  it('is one whose shapes depend on values', () => {
    const { step, run } = compileBody((x) => tf.unique(x).values);
    expect(run(3, 3, 4)).toEqual([3, 4]);
    expect(step.compilation.reason).toContain('shape depends on values: Unique');
  });

  it('still gives what it threw before: an error of the step is no reason', () => {
    const { run } = compileBody(() => {
      throw new RangeError('too short');
    });
    expect(() => run(1)).toThrow(RangeError);
  });
});

describe('a step that keeps what it has computed for later runs', () => {
  useBackend('tensorflow');

  it('is one graph, and what it keeps has its values', () => {
    let table: Tensor | null = null;
    const cached = (): Tensor => (table ??= tf.keep(tf.cumsum(tf.ones([3]))));
    const { step, run, dispose } = compileBody((x) => tf.mul(x, cached()));
    expect(run(1, 1, 1)).toEqual([1, 2, 3]);
    expect(run(2, 2, 2)).toEqual([2, 4, 6]);
    expect(step.execution).toBe('graph');
    expect([...(table as unknown as Tensor).dataSync()]).toEqual([1, 2, 3]);
    dispose();
    tf.dispose(table as unknown as Tensor);
  });

  it('may make variables on its first run', () => {
    const optimizer = tf.train.momentum(0.1, 0.9);
    const w = tf.tidy(() => tf.variable(tf.tensor1d([1])));
    const { step, run } = compileBody(
      (x) => optimizer.minimize(() => tf.sum<tf.Scalar>(tf.mul(w, x)), true, [w]) as Tensor,
      {},
      [w],
    );
    expect(run(1)[0]).toBeCloseTo(1, 6);
    expect(run(1)[0]).toBeCloseTo(0.9, 6);
    expect(run(1)[0]).toBeCloseTo(0.71, 6);
    expect(step.compilation.reason).toContain('undeclared variable');
    optimizer.dispose();
    w.dispose();
  });
});

describe('inputs and variables that share their numbers', () => {
  useBackend('tensorflow');

  it('are told apart', () => {
    const one = tf.tensor1d([1]);
    const [a, b] = [tf.variable(one, false), tf.variable(one, false)];
    const state = createStepState([a, b], { execution: 'graph' });
    const step = compile(
      ({ x, y }: { x: Tensor; y: Tensor }) => {
        a.assign(tf.add(a, x));
        return { z: tf.add(tf.mul(a, 100), tf.add(tf.mul(b, 10), y)) };
      },
      { state, expectedRuns: 100 },
    );
    const run = (x: Tensor, y: Tensor) => step.run({ x, y }).z.dataSync()[0];
    expect(run(one, one)).toBe(211);
    expect(run(tf.tensor1d([2]), tf.tensor1d([7]))).toBe(417);
    state.dispose();
  });
});
