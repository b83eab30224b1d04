/** Cells, jobs and records for tests of the harness and of the command line. */
import type { BaselineCell, SpeedCell, TrainedCell } from '../../harness/cell.js';
import { emptyOutcome } from '../../harness/outcome.js';
import type { Job } from '../../harness/plan.js';
import { recordVersion, type Outcome, type RunRecord } from '../../harness/record.js';
import type { ChildEnd, RunningChild } from '../../harness/scheduler/child.js';

const encoder = {
  length: 64,
  layers: 1,
  hidden: 32,
  heads: 4,
  feedForward: 32,
  dropout: 0.2,
  norm: 'post',
  positions: true,
  shareLayers: false,
  pooling: 'additive',
} as const;

export const trainedCell: TrainedCell = {
  task: 'classification',
  kind: 'encoder',
  architecture: 'fastformer',
  options: { pooling: 'additive' },
  dataset: { name: 'brown', options: {}, train: 240, validation: 60, test: 120 },
  encoder,
  training: {
    batchSize: 16,
    learningRate: 1e-3,
    maxEpochs: 1,
    vocabulary: 2000,
    clipNorm: null,
    weightDecay: 0,
  },
  seed: 1,
  backend: 'wasm',
  execution: 'auto',
  precision: 'float32',
};

export const baselineCell: BaselineCell = {
  task: 'classification',
  kind: 'baseline',
  architecture: 'naive-bayes',
  dataset: trainedCell.dataset,
  vocabulary: 2000,
  seed: 1,
  backend: 'none',
};

export const speedCell: SpeedCell = {
  task: 'speed',
  kind: 'speed',
  architecture: 'fastformer',
  options: {},
  encoder,
  mode: 'training',
  batch: 8,
  vocabulary: 1000,
  classes: 5,
  warmup: 1,
  samples: 3,
  seed: 1,
  backend: 'wasm',
  execution: 'auto',
  precision: 'float32',
};

/** A child that came to its end by itself, and said nothing. */
export const quietEnd: ChildEnd = {
  outcome: null,
  error: null,
  code: 0,
  signal: null,
  timedOut: false,
  overMemory: false,
  peakResidentBytes: null,
  kernelOutOfMemory: false,
  seconds: 2,
  tail: '',
};

/** Of a child that is over at once. */
export const overAtOnce = (end: Partial<ChildEnd>): RunningChild => ({
  end: Promise.resolve({ ...quietEnd, ...end }),
  kill: () => undefined,
  hold: () => undefined,
  go: () => undefined,
});

let jobs = 0;

/** Each call gives another id. */
export function jobOf(cell: Job['cell']): Job {
  jobs += 1;
  return { id: jobs.toString(16).padStart(16, '0'), cell, sourcesSha256: 'ab'.repeat(32) };
}

export const goodOutcome: Outcome = { ...emptyOutcome, metrics: { accuracy: 0.5, macroF1: 0.4 }, seconds: 2 };

export function recordOf(
  id: string,
  cell: Job['cell'] = trainedCell,
  change: Partial<RunRecord> = {},
): RunRecord {
  return {
    id,
    schema: recordVersion,
    cell,
    ...goodOutcome,
    provenance: {
      formerbench: '0.1.0',
      git: null,
      lockfileSha256: null,
      sourcesSha256: 'ab'.repeat(32),
      node: 'v20.19.0',
      platform: 'linux',
      cpu: 'a processor',
      cores: 2,
      totalMemoryBytes: 2 ** 33,
      loadBefore: 0,
      loadAfter: 0,
      preset: 'smoke',
      commandLine: ['formerbench'],
      startedAt: '2026-01-01T00:00:00.000Z',
      endedAt: '2026-01-01T00:00:08.000Z',
    },
    ...change,
  };
}
