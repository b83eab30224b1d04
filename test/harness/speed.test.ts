import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { Architecture } from '../../architectures/contract.js';
import { architectures } from '../../architectures/index.js';
import type { BackendInfo } from '../../harness/backends/index.js';
import type { SpeedCell } from '../../harness/cell.js';
import { type Outcome, outcomeSchema } from '../../harness/record.js';
import { runSpeed } from '../../harness/speed.js';
import { useBackend } from '../support/backend.js';
import { wordCell } from '../support/word-task.js';

const cellOf = (architecture: Architecture, mode: SpeedCell['mode']): SpeedCell => ({
  task: 'speed',
  kind: 'speed',
  architecture: architecture.name,
  options: {},
  encoder: { ...wordCell().encoder, length: 24, layers: 2, dropout: 0 },
  mode,
  batch: 3,
  vocabulary: 50,
  classes: 5,
  warmup: 2,
  samples: 7,
  seed: 1,
  backend: 'wasm',
  execution: 'auto',
  precision: 'float32',
});

/** A machine that never changes, and takes no time to say so. */
const still = () => ({ time: () => Promise.resolve([1, 1, 1, 1, 1]), dispose: () => undefined });

describe('timing a step', () => {
  const info = useBackend('wasm');
  const run = (architecture: Architecture, mode: SpeedCell['mode'], control?: typeof still) =>
    runSpeed(
      cellOf(architecture, mode),
      architecture,
      info as BackendInfo,
      () => undefined,
      control && { createControl: control },
    );

  it.each(architectures.map((each) => [each.name, each] as const))(
    'keeps every sample of %s',
    async (_, architecture) => {
      for (const mode of ['inference', 'training'] as const) {
        const outcome = await run(architecture, mode, still);
        expect(outcomeSchema.parse(outcome)).toEqual(outcome);
        expect(outcome.samples).toHaveLength(7);
        expect(outcome.samples?.every((seconds) => seconds > 0 && seconds < 10)).toBe(true);
        expect([...(outcome.samples ?? [])].sort((a, b) => a - b)[3]).toBe(outcome.seconds);
        expect(outcome.measuring?.warmUpSteps).toBeGreaterThanOrEqual(2);
        expect(outcome.measuring?.matrixProductRate).toBeGreaterThan(1e8);
        expect(outcome.costs?.stepMultiplyAdds).toBeGreaterThan(outcome.costs?.mixerMultiplyAdds ?? NaN);
      }
    },
  );

  it('times the control workload before and after the samples', async () => {
    const [architecture] = architectures as [Architecture];
    const { measuring } = await run(architecture, 'inference');
    for (const times of [measuring?.control.before, measuring?.control.after]) {
      expect(times).toHaveLength(5);
      expect(Math.min(...(times ?? []))).toBeGreaterThan(0);
    }
  });

  it('counts the same in two runs: parameters, multiply-adds, tensor bytes', async () => {
    const [architecture] = architectures as [Architecture];
    const exact = async () => {
      const { costs, memory } = await run(architecture, 'training', still);
      return { costs, bytes: memory.peakTensorBytes };
    };
    expect(await exact()).toEqual(await exact());
  });

  it('tells what was measured before anything is counted by further steps', async () => {
    const [architecture] = architectures as [Architecture];
    const told: Outcome[] = [];
    const outcome = await runSpeed(
      cellOf(architecture, 'training'),
      architecture,
      info as BackendInfo,
      (event) => {
        if (event.kind === 'measured') told.push(event.outcome);
      },
    );
    const [measured] = told;
    expect(told).toHaveLength(1);
    expect(outcomeSchema.parse(measured)).toEqual(measured);
    expect(measured?.samples).toEqual(outcome.samples);
    expect(measured?.costs?.stepMultiplyAdds).toBeUndefined();
  });

  it('asks to be alone before anything is timed, and says what it measured before it counts on', async () => {
    const [architecture] = architectures as [Architecture];
    const told: string[] = [];
    const control = () => ({
      time: () => {
        told.push('control');
        return Promise.resolve([1]);
      },
      dispose: () => undefined,
    });
    const turn = (part: string) => {
      told.push(part);
      return new Promise<void>((resolve) => setTimeout(resolve, 50));
    };
    const { measuring } = await runSpeed(
      cellOf(architecture, 'training'),
      architecture,
      info as BackendInfo,
      ({ kind }) => told.push(kind),
      { turn, createControl: control },
    );
    expect(told).toEqual(['timed', 'phase', 'control', 'control', 'measured', 'untimed']);
    expect(measuring?.phases?.waiting).toBeGreaterThan(0.09);
  });

  it('leaves no tensor behind', async () => {
    const [architecture] = architectures as [Architecture];
    const before = tf.memory().numTensors;
    await run(architecture, 'training');
    await run(architecture, 'inference');
    expect(tf.memory().numTensors).toBe(before);
  });

  it('counts more bytes for training than for inference', async () => {
    const [architecture] = architectures as [Architecture];
    const bytes = async (mode: SpeedCell['mode']) =>
      (await run(architecture, mode, still)).memory.peakTensorBytes ?? NaN;
    expect(await bytes('training')).toBeGreaterThan(await bytes('inference'));
  });
});
