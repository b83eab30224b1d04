/** What a summarizer's training works on: the model, Adam, their state, and the four compiled steps. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { Architecture } from '../architectures/contract.js';
import { createParameters, type Parameters } from '../architectures/scope.js';
import { createPairBatches, type PairBatch, type PairBatchOptions } from '../tasks/summarization/batches.js';
import type { SummarizationData } from '../tasks/summarization/data.js';
import type { DecodeSteps } from '../tasks/summarization/decode.js';
import {
  createSummarizer,
  type Named,
  type PairTensors,
  type SummarizerSizes as ModelSizes,
} from '../tasks/summarization/model.js';
import { createAdam } from './adam.js';
import { compile, type CompiledStep, createStepState, type StepState } from './backends/compile.js';
import type { SummarizerCell } from './cell.js';
import { compileTrainingStep, positive, type TrainingStep } from './training-step.js';
import { hash } from '../architectures/random.js';

export interface SummarizerSteps {
  readonly cell: SummarizerCell;
  readonly parameters: Parameters;
  /** Parameters, and what Adam keeps beside them. */
  readonly state: StepState;
  readonly step: TrainingStep<PairTensors>;
  readonly validation: CompiledStep<PairTensors, { likely: Tensor2D }>;
  readonly encoder: CompiledStep<{ source: Tensor2D }, Named>;
  readonly decoder: CompiledStep<Named, Named>;
  readonly emptyCache: DecodeSteps['emptyCache'];
  dispose(): void;
}

export function prepareSummarizer(
  cell: SummarizerCell,
  architecture: Architecture,
  data: SummarizationData,
): SummarizerSteps {
  const parameters = createParameters(cell.seed);
  const options = architecture.options.parse(cell.options);
  const model = createSummarizer(parameters.scope, architecture, options, sizesOf(cell, data.subwords.size));
  const adam = createAdam(parameters.variables, { clipNorm: cell.training.clipNorm, weightDecay: 0 });
  const state = createStepState([...parameters.variables.values(), ...adam.state], cell);
  const runs = planRuns(cell, data);
  return {
    cell,
    parameters,
    state,
    step: compileTrainingStep(model, parameters, adam, { state, expectedRuns: runs.trained }),
    validation: compile((batch) => ({ likely: model.logLikelihood(batch) }), {
      state,
      expectedRuns: runs.validated,
      name: 'the validation',
    }),
    encoder: compile(({ source }) => model.encode(source), {
      state,
      expectedRuns: runs.encoded,
      name: 'the encoder',
    }),
    decoder: compile((inputs) => model.step(inputs), {
      state,
      expectedRuns: runs.decoded,
      name: 'the decoder’s step',
    }),
    emptyCache: (rows) => model.emptyCache(rows),
    dispose: () => {
      state.dispose();
      adam.dispose();
      parameters.dispose();
    },
  };
}

function sizesOf({ summarizer, training }: SummarizerCell, vocabulary: number): ModelSizes {
  const { sourceLength, targetLength, encoderLayers, decoderLayers, decoderAttention, copy, ...shell } =
    summarizer;
  return {
    encoder: { ...shell, layers: encoderLayers, length: sourceLength, shareLayers: false },
    decoder: { layers: decoderLayers, length: targetLength, attention: decoderAttention ?? 'softmax' },
    copy,
    vocabulary,
    labelSmoothing: training.labelSmoothing,
  };
}

/** @param epoch - each has an order of its own; null for the fixed order */
export function batchesOf(
  cell: SummarizerCell,
  data: SummarizationData,
  split: 'train' | 'validation' | 'test',
  epoch: number | null,
): Generator<PairBatch> {
  const { sourceLength, targetLength } = cell.summarizer;
  const options: PairBatchOptions = {
    batchSize: cell.training.batchSize,
    sourceLength,
    targetLength,
    seed: epoch === null ? null : positive(hash(`${cell.seed}/order/${epoch}`)),
  };
  return createPairBatches(data.numbered[split], options);
}

/** How often each shape of batch will come. */
function planRuns(cell: SummarizerCell, data: SummarizationData) {
  const { maxEpochs } = cell.training;
  const counts = () => new Map<string, number>();
  const [trained, validated, encoded] = [counts(), counts(), counts()];
  const add = (to: Map<string, number>, key: string, times: number) =>
    to.set(key, (to.get(key) ?? 0) + times);
  for (let epoch = 1; epoch <= maxEpochs; epoch++)
    for (const batch of batchesOf(cell, data, 'train', epoch)) add(trained, shapeOf(batch), 1);
  for (const batch of batchesOf(cell, data, 'validation', null)) add(validated, shapeOf(batch), maxEpochs);
  for (const { size, sourceLength } of batchesOf(cell, data, 'test', null))
    add(encoded, `${size}/${sourceLength}`, 1);
  const ofPair = ({ source, target }: PairTensors) =>
    `${source.shape[0]}/${source.shape[1]}/${target.shape[1]}`;
  return {
    trained: (inputs: PairTensors) => trained.get(ofPair(inputs)) ?? 0,
    validated: (inputs: PairTensors) => validated.get(ofPair(inputs)) ?? 0,
    encoded: ({ source }: { source: Tensor2D }) => encoded.get(source.shape.join('/')) ?? 0,
    decoded: ({ mask }: Named) => cell.decoding.maxLength * (encoded.get(mask?.shape.join('/') ?? '') ?? 0),
  };
}

const shapeOf = ({ size, sourceLength, targetLength }: PairBatch): string =>
  `${size}/${sourceLength}/${targetLength}`;

/** The arrays of a batch as tensors; the caller disposes them. */
export function pairTensors({
  size,
  sourceLength,
  targetLength,
  source,
  before,
  target,
}: PairBatch): PairTensors {
  return {
    source: tf.tensor2d(source, [size, sourceLength], 'int32'),
    before: tf.tensor2d(before, [size, targetLength], 'int32'),
    target: tf.tensor2d(target, [size, targetLength], 'int32'),
  };
}
