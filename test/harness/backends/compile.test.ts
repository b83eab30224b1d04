import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { compile, createStepState, NoGraph } from '../../../harness/backends/compile.js';
import { useBackend } from '../../support/backend.js';

/** Moves one variable towards a target, and gives the distance. */
function approach() {
  const at = tf.tidy(() => tf.variable(tf.scalar(0), false));
  const state = createStepState([at]);
  const step = compile(
    ({ target }: { target: tf.Tensor }) => {
      const distance = tf.sub(target, at);
      at.assign(tf.add(at, tf.mul(distance, 0.5)));
      return { distance };
    },
    { state, expectedRuns: 1000 },
  );
  const move = (to: number) => {
    const target = tf.scalar(to);
    const { distance } = step.run({ target });
    const [result] = distance.dataSync();
    tf.dispose([target, distance]);
    return result;
  };
  return { at, state, step, move };
}

describe('a compiled step on a backend without graphs', () => {
  useBackend('wasm');

  it('is the step itself, on its state', () => {
    const { step, move } = approach();
    expect([move(8), move(8), move(8)]).toEqual([8, 4, 2]);
    expect(step.execution).toBe('eager');
    expect(step.compilation).toEqual({
      decision: 'eager',
      expectedRuns: 1000,
      traceSeconds: 0,
      firstStepSeconds: 0,
      reason: 'this backend has no graphs',
    });
  });

  it('gives snapshots that later steps do not change, and takes them back', () => {
    const { at, state, move } = approach();
    move(8);
    const kept = state.snapshot();
    move(8);
    expect((kept[0] as tf.Tensor).dataSync()[0]).toBe(4);
    state.restore(kept);
    expect(at.dataSync()[0]).toBe(4);
    expect(move(8)).toBe(4);
  });

  it('leaves no tensor behind but its outputs', () => {
    const { move, step } = approach();
    move(1);
    const before = tf.memory().numTensors;
    move(2);
    const target = tf.scalar(1);
    step.prepare([{ target }]);
    expect(step.peakBytes({ target })).toBeNull();
    target.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses a graph or narrow products that were asked for', () => {
    expect(() => createStepState([], { execution: 'graph' })).toThrow(NoGraph);
    expect(() => createStepState([], { precision: 'bfloat16' })).toThrow(/bfloat16 need the native backend/);
  });

  it('says that eager execution was asked for', () => {
    const step = compile(({ x }: { x: tf.Tensor }) => ({ y: tf.neg(x) }), {
      state: createStepState([], { execution: 'eager' }),
      expectedRuns: 1000,
    });
    tf.dispose(step.run({ x: tf.scalar(1) }));
    expect(step.compilation.reason).toBe('asked for');
  });
});
