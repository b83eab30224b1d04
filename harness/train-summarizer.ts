/**
 * Runs a cell of a summarizer: epochs with Adam, the best one by the likelihood of the validation summaries; then the
 * test documents once, by beam search.
 */
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { Architecture } from '../architectures/contract.js';
import { decode } from '../tasks/summarization/decode.js';
import type { SummarizationData } from '../tasks/summarization/data.js';
import type { BackendInfo } from './backends/index.js';
import type { SummarizerCell } from './cell.js';
import type { Report } from './cell-event.js';
import { startClock } from './checkpoints/clock.js';
import { type CheckpointPlace, modelCheckpoint } from './checkpoints/file.js';
import type { Keeping } from './checkpoints/keeper.js';
import { describeExecution } from './compilation.js';
import { countParameters } from './costs.js';
import { describeSummaries } from './describe-summaries.js';
import { runEpochs, runSteps } from './epochs.js';
import { baselineResidentBytes, memoryOf } from './memory.js';
import { emptyOutcome } from './outcome.js';
import type { Outcome } from './record.js';
import { batchesOf, pairTensors, prepareSummarizer, type SummarizerSteps } from './summarizer-steps.js';
import { stepInputs, stepPeakBytes } from './training-step.js';

export interface SummarizerRequest {
  readonly cell: SummarizerCell;
  readonly architecture: Architecture;
  readonly data: SummarizationData;
  readonly backend: BackendInfo;
  /** Without it nothing is kept half-way. */
  readonly checkpoints?: CheckpointPlace | undefined;
}

export async function trainSummarizer(
  { cell, architecture, data, backend, checkpoints }: SummarizerRequest,
  report: Report,
): Promise<Outcome> {
  const baseline = baselineResidentBytes();
  const clock = startClock();
  const steps = prepareSummarizer(cell, architecture, data);
  const tensorBytes = await profileStep(steps, data);
  const kept = { report, clock, checkpoint: modelCheckpoint(checkpoints, cell.backend, cell.seed) };
  const { curve, best, failure, resumed, trainSeconds } = await trainEpochs(steps, data, kept);
  const decodeStart = performance.now();
  if (failure === null) report({ kind: 'phase', text: 'writing summaries' });
  const predictions = failure === null ? await writeSummaries(steps, data) : null;
  const decodeSeconds = (performance.now() - decodeStart) / 1000;
  const { summary, metrics } = describeSummaries(data, predictions, {
    vocabulary: data.subwords.size,
    bestEpoch: best,
    curve,
    trainedTokensPerSecond:
      trainSeconds > 0 ? (curve.length * countTokens(data.numbered.train)) / trainSeconds : null,
    documentsPerSecond: predictions === null ? null : predictions.length / decodeSeconds,
  });
  const outcome: Outcome = {
    ...emptyOutcome,
    backend,
    ...describeExecution(steps.step, [steps.validation, steps.encoder, steps.decoder], cell.precision),
    metrics: { ...metrics },
    seconds: clock.seconds(),
    memory: memoryOf(baseline, tensorBytes),
    costs: {
      parameters: countParameters(steps.parameters),
      mixerMultiplyAdds: mixerProducts(cell, architecture),
    },
    summary,
    resumed,
    failure,
  };
  steps.dispose();
  return outcome;
}

/** Leaves the parameters of the best epoch in place. */
function trainEpochs(steps: SummarizerSteps, data: SummarizationData, kept: Keeping) {
  const { cell, parameters, state, step } = steps;
  const { maxEpochs } = cell.training;
  const stepsOfEpoch = [...batchesOf(cell, data, 'train', 1)].length;
  return runEpochs({
    ...kept,
    maxEpochs,
    parameters,
    state,
    noted: z.strictObject({ validationLogLikelihood: z.number() }),
    train: (epoch, pass) => {
      const done = (epoch - 1) * stepsOfEpoch;
      const learningRate = (count: number) => rateAt(cell, done + count, maxEpochs * stepsOfEpoch);
      return runSteps({ step, seed: cell.seed, learningRate }, epoch, trainTensors(steps, data, epoch), pass);
    },
    validate: async () => {
      const validationLogLikelihood = await likelihood(steps, data);
      return { score: validationLogLikelihood, noted: { validationLogLikelihood } };
    },
    floor: { score: frequencyLikelihood(data), title: 'the frequencies of the subwords' },
    scoreTitle: 'log-likelihood of a subword',
  });
}

/** Rises from 0 in a line over the first steps, then falls in a line to 0 after the last one. */
export function rateAt({ training }: Pick<SummarizerCell, 'training'>, step: number, steps: number): number {
  const { learningRate, warmupSteps } = training;
  const warmup = Math.min(warmupSteps, steps - 1);
  const share = step < warmup ? (step + 1) / (warmup + 1) : (steps - step) / (steps - warmup);
  return learningRate * share;
}

function* trainTensors({ cell }: SummarizerSteps, data: SummarizationData, epoch: number) {
  for (const batch of batchesOf(cell, data, 'train', epoch)) yield pairTensors(batch);
}

/** Mean log P of a subword of the validation summaries. */
async function likelihood({ cell, validation }: SummarizerSteps, data: SummarizationData): Promise<number> {
  let sum = 0;
  for (const batch of batchesOf(cell, data, 'validation', null)) {
    const inputs = pairTensors(batch);
    const { likely } = validation.run(inputs);
    for (const value of await likely.data()) sum += value;
    tf.dispose([inputs, likely]);
  }
  return sum / countTargets(data.numbered.validation);
}

const countTargets = (pairs: SummarizationData['numbered']['train']): number =>
  pairs.reduce((sum, { target }) => sum + target.length, 0);

const countTokens = (pairs: SummarizationData['numbered']['train']): number =>
  pairs.reduce((sum, { source, target }) => sum + source.length + target.length, 0);

/** What knowing how often each subword comes in training summaries gives on the validation summaries. */
function frequencyLikelihood({ numbered, subwords }: SummarizationData): number {
  const counts = new Float64Array(subwords.size).fill(1);
  for (const { target } of numbered.train) for (const id of target) counts[id] = (counts[id] as number) + 1;
  const all = counts.reduce((sum, count) => sum + count, 0);
  let sum = 0;
  for (const { target } of numbered.validation)
    for (const id of target) sum += Math.log((counts[id] as number) / all);
  return sum / countTargets(numbered.validation);
}

/** Of every test document, in their order. */
async function writeSummaries(steps: SummarizerSteps, data: SummarizationData): Promise<string[]> {
  const { cell, encoder, decoder, emptyCache } = steps;
  const compiled = {
    encode: (inputs: Parameters<typeof encoder.run>[0]) => encoder.run(inputs),
    step: (inputs: Parameters<typeof decoder.run>[0]) => decoder.run(inputs),
    emptyCache,
  };
  const summaries = data.test.map(() => '');
  for (const batch of batchesOf(cell, data, 'test', null)) {
    const written = await decode(compiled, batch, cell.decoding, cell.summarizer.targetLength);
    for (const [i, row] of batch.rows.entries()) summaries[row] = data.subwords.decode(written[i] ?? []);
  }
  return summaries;
}

/** Peak bytes of one training step, of the largest batch. */
async function profileStep(steps: SummarizerSteps, data: SummarizationData): Promise<number> {
  const { cell, step, state } = steps;
  const batches = [...batchesOf(cell, data, 'train', 1)];
  const places = ({ size, sourceLength, targetLength }: (typeof batches)[number]) =>
    size * (sourceLength + targetLength);
  const batch = batches.reduce((most, each) => (places(each) > places(most) ? each : most));
  return stepPeakBytes(step, state, {
    ...pairTensors(batch),
    ...stepInputs(cell.seed, cell.training.learningRate, 0),
  });
}

/** Multiply-adds of the encoder's mixers for one longest document, as the architecture declares them. */
function mixerProducts({ summarizer, options }: SummarizerCell, architecture: Architecture): number {
  const { hidden, heads, encoderLayers, sourceLength } = summarizer;
  const cost = architecture.cost(
    { length: sourceLength, hidden, heads },
    architecture.options.parse(options),
  );
  return encoderLayers * cost.multiplyAdds;
}
