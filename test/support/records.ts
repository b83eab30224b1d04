/** Made-up records: complete and valid, with only what a test is about given by hand. */
import { createHash } from 'node:crypto';
import type { BaselineCell, Cell, SpeedCell, TrainedCell } from '../../harness/cell.js';
import { recordSchema, type RunRecord } from '../../harness/record.js';
import { presets } from '../../reports/paper/presets.js';

const { accuracy, speed } = presets.quick;

const provenance: RunRecord['provenance'] = {
  formerbench: '0.1.0',
  git: { commit: '0123456789abcdef0123456789abcdef01234567', dirty: false },
  lockfileSha256: null,
  sourcesSha256: 'a'.repeat(64),
  node: 'v20.19.0',
  platform: 'linux x64',
  cpu: 'Example CPU 3.0 GHz',
  cores: 2,
  totalMemoryBytes: 8e9,
  loadBefore: 0.1,
  loadAfter: 1.1,
  preset: 'quick',
  commandLine: ['reproduce-paper-tables'],
  startedAt: '2026-01-02T03:04:05.000Z',
  endedAt: '2026-01-02T03:05:05.000Z',
};

const wasm: NonNullable<RunRecord['backend']> = {
  name: 'wasm',
  version: '4.22.0',
  threads: 2,
  patches: [],
  deterministic: true,
};

/** The record of a cell. What `changes` holds replaces the defaults; the id follows from the cell and `changes.id`. */
export function recordOf(cell: Cell, changes: Partial<RunRecord> = {}): RunRecord {
  return recordSchema.parse({
    id: createHash('sha256').update(JSON.stringify(cell)).digest('hex').slice(0, 16),
    schema: 1,
    cell,
    backend: cell.kind === 'baseline' ? null : wasm,
    execution: cell.kind === 'baseline' ? 'none' : 'eager',
    metrics: {},
    seconds: 40,
    memory: { peakTensorBytes: 40e6, peakResidentBytes: 400e6, baselineResidentBytes: 100e6 },
    samples: null,
    costs: null,
    curve: [],
    bestEpoch: null,
    data: null,
    failure: null,
    provenance,
    ...changes,
  });
}

export const trainedCell = (changes: Partial<TrainedCell> = {}): TrainedCell => ({
  task: 'classification',
  kind: 'encoder',
  architecture: 'fastformer',
  options: {},
  dataset: { name: 'spam-assassin', options: {}, ...accuracy.examples },
  encoder: accuracy.encoder,
  training: accuracy.training,
  seed: 1,
  backend: 'wasm',
  execution: 'auto',
  precision: 'float32',
  ...changes,
});

export const baselineCell = (changes: Partial<BaselineCell> = {}): BaselineCell => ({
  task: 'classification',
  kind: 'baseline',
  architecture: 'naive-bayes',
  dataset: { name: 'spam-assassin', options: {}, ...accuracy.examples },
  vocabulary: accuracy.training.vocabulary,
  seed: 1,
  backend: 'none',
  ...changes,
});

const speedCell = (changes: Partial<SpeedCell> & { length?: number } = {}): SpeedCell => {
  const { length = 512, ...rest } = changes;
  return {
    task: 'speed',
    kind: 'speed',
    architecture: 'fastformer',
    options: {},
    encoder: { ...speed.encoder, length },
    mode: 'training',
    batch: speed.tokens / length,
    vocabulary: speed.vocabulary,
    classes: speed.classes,
    warmup: speed.warmup,
    samples: speed.samples,
    seed: 1,
    backend: 'wasm',
    execution: 'auto',
    precision: 'float32',
    ...rest,
  };
};

export const dataFacts = (
  changes: Partial<NonNullable<RunRecord['data']>> = {},
): NonNullable<RunRecord['data']> => ({
  label: 'an npm package',
  sha256: 'b'.repeat(64),
  standIn: true,
  classes: ['a', 'b', 'c', 'd', 'e'],
  counts: { train: 1_500, validation: 300, test: 600 },
  majorityAccuracy: 0.41,
  vocabulary: 8_000,
  meanLength: 180,
  paddingShare: 0.12,
  wordVectors: null,
  ...changes,
});

/** A trained encoder's result. */
export const accuracyRecord = (
  cell: Partial<TrainedCell>,
  score: number,
  changes: Partial<RunRecord> = {},
): RunRecord =>
  recordOf(trainedCell(cell), {
    metrics: { accuracy: score, macroF1: score - 0.08 },
    data: dataFacts(),
    bestEpoch: 2,
    costs: { parameters: 561_925, mixerMultiplyAdds: 4_194_304 },
    curve: [1, 2, 3].map((epoch) => ({
      epoch,
      trainLoss: 1.4 / epoch,
      validationAccuracy: score - 0.06 / epoch,
      validationMacroF1: score - 0.14 / epoch,
      seconds: 12 * epoch,
    })),
    ...changes,
  });

export const speedRecord = (
  cell: Partial<SpeedCell> & { length?: number },
  samples: readonly number[],
  changes: Partial<RunRecord> = {},
): RunRecord =>
  recordOf(speedCell(cell), {
    samples: [...samples],
    seconds: samples[Math.floor(samples.length / 2)] ?? null,
    costs: { parameters: 1_000_000, mixerMultiplyAdds: 1e9 },
    ...changes,
  });

/** Small, fixed, made-up noise: the same on every machine. */
const wobble = (text: string): number =>
  createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 31 - 1;

const scores: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'spam-assassin': { transformer: 0.902, fastformer: 0.911, none: 0.874, 'naive-bayes': 0.861, chance: 0.41 },
  brown: { transformer: 0.402, fastformer: 0.421, none: 0.415, 'naive-bayes': 0.437, chance: 0.16 },
  'imdb-binary': { transformer: 0.842, fastformer: 0.839, none: 0.801, 'naive-bayes': 0.795, chance: 0.5 },
};
const trainingSeconds: Readonly<Record<string, number>> = { transformer: 61, fastformer: 34, none: 22 };

/** What a run of the quick preset leaves: realistic in shape, invented in value. */
export function sampleRecords(datasets: readonly string[] = ['spam-assassin', 'brown']): RunRecord[] {
  const accuracyRecords = datasets.flatMap((name) => {
    const dataset = { name, options: {}, ...accuracy.examples };
    const data = dataFacts({
      standIn: name !== 'imdb-binary',
      label: name === 'imdb-binary' ? 'aclImdb_v1.tar.gz' : 'npm',
    });
    const baselines = ['chance', 'naive-bayes'].map((architecture) => {
      const score = scores[name]?.[architecture] ?? 0.5;
      const metrics = { accuracy: score, macroF1: score * 0.8 };
      return recordOf(baselineCell({ architecture, dataset }), { metrics, data, seconds: 1.2 });
    });
    const trained = [1, 2, 3].flatMap((seed) =>
      ['transformer', 'fastformer', 'none'].map((architecture) => {
        const noise = wobble(`${name} ${architecture} ${seed}`);
        const score = (scores[name]?.[architecture] ?? 0.5) + 0.012 * noise;
        const seconds = (trainingSeconds[architecture] ?? 30) * (1 + 0.04 * noise);
        return accuracyRecord({ architecture, dataset, seed }, score, { data, seconds });
      }),
    );
    return [...baselines, ...trained];
  });
  return [...accuracyRecords, ...sampleSpeedRecords()];
}

/** Seconds and bytes of a step at lengths 128, 512 and 1,024. */
const stepCosts: Readonly<Record<string, readonly (readonly [seconds: number, bytes: number])[]>> = {
  transformer: [
    [0.21, 92e6],
    [0.36, 210e6],
    [0.62, 390e6],
  ],
  fastformer: [
    [0.13, 71e6],
    [0.13, 71e6],
    [0.135, 72e6],
  ],
  none: [
    [0.08, 48e6],
    [0.081, 48e6],
    [0.08, 49e6],
  ],
};

function sampleSpeedRecords(): RunRecord[] {
  return Object.entries(stepCosts).flatMap(([architecture, costs]) =>
    costs.flatMap(([seconds, peakTensorBytes], index) =>
      (['inference', 'training'] as const).map((mode) => {
        const length = [128, 512, 1_024][index] ?? 128;
        const share = mode === 'training' ? 1 : 0.3;
        const samples = [1, 2, 3, 4, 5].map(
          (step) => share * seconds * (1 + 0.05 * wobble(`${architecture} ${length} ${mode} ${step}`)),
        );
        const memory = {
          peakTensorBytes: share * peakTensorBytes,
          peakResidentBytes: 3 * peakTensorBytes,
          baselineResidentBytes: 90e6,
        };
        return speedRecord({ architecture, mode, length }, samples, { memory });
      }),
    ),
  );
}
