/** The cell of `formerbench run --task summarization`: sizes of a preset, changed by flags. */
import { resolveBackend } from '../harness/backends/index.js';
import type { SummarizerCell } from '../harness/cell.js';
import { summarizerCell, summaryFloorCell } from '../reports/paper/summary-cells.js';
import { chooseOnePairs } from './pair-options.js';
import type { RunOptions } from './plan-one.js';
import { defined } from './plan-recommendation.js';
import { checkStepOptions } from './step-options.js';

/** @param architectureOptions - parsed; null for a floor */
export async function describeSummarization(
  options: RunOptions,
  architectureOptions: SummarizerCell['options'] | null,
  folders: readonly string[],
): Promise<object> {
  const { preset, seed, architecture } = options;
  const chosen = await chooseOnePairs(options, folders);
  const dataset = { name: chosen.dataset.name, options: chosen.options };
  const counts = defined({ train: options.train, validation: options.validation, test: options.test });
  if (architectureOptions === null) {
    const cell = summaryFloorCell(architecture, dataset, seed, { preset });
    return { ...cell, dataset: { ...cell.dataset, ...counts } };
  }
  const backend = await resolveBackend(options.backend);
  const named = { name: architecture, options: architectureOptions };
  const cell = summarizerCell(named, dataset, seed, { preset, backend });
  return {
    ...cell,
    ...checkStepOptions(options, backend),
    dataset: { ...cell.dataset, ...counts },
    summarizer: { ...cell.summarizer, ...sizesOf(options) },
    training: { ...cell.training, ...trainingOf(options) },
    decoding: { ...cell.decoding, ...decodingOf(options) },
  };
}

const sizesOf = ({
  length,
  targetLength,
  layers,
  decoderLayers,
  decoderAttention,
  hidden,
  heads,
  feedForward,
  dropout,
  copy,
}: RunOptions): object => ({
  ...defined({
    sourceLength: length,
    targetLength,
    encoderLayers: layers,
    decoderLayers,
    decoderAttention: decoderAttention === 'softmax' ? undefined : decoderAttention,
    hidden,
    heads,
    feedForward,
    dropout,
  }),
  ...(copy ? {} : { copy: false }),
});

const trainingOf = ({ batch, learningRate, epochs, vocabulary, labelSmoothing }: RunOptions): object =>
  defined({ batchSize: batch, learningRate, maxEpochs: epochs, vocabulary, labelSmoothing });

const decodingOf = ({ beams, minLength, maxLength, lengthPenalty }: RunOptions): object =>
  defined({ beams, minLength, maxLength, lengthPenalty });
