/**
 * How long cells will take: a rough count of operations, corrected by what like cells took on this machine.
 */
import {
  type Cell,
  type DatasetChoice,
  type EncoderSizes,
  isFloor,
  type RecommenderCell,
  type SpeedCell,
  type SummarizerCell,
  type TrainedCell,
} from './cell.js';

/** A cell that ended, and the wall time of its process. */
export interface Timed {
  readonly cell: Cell;
  readonly seconds: number;
}

/** Examples of each split. */
export type SplitCounts = Readonly<Record<'train' | 'validation' | 'test', number>>;

/** What is there of datasets by name, as far as it was counted. */
export type CountsAtHand = ReadonlyMap<string, SplitCounts>;

/** Seconds that one cell will take. */
export function estimateSeconds(
  cell: Cell,
  finished: readonly Timed[],
  atHand: CountsAtHand = new Map(),
): number {
  return expectedSeconds(cell, atHand) * (correction(cell, finished, atHand) ?? 1);
}

/** Seconds until all are done: training cells side by side, speed cells one after the other. */
export function estimateRemaining(
  cells: readonly Cell[],
  finished: readonly Timed[],
  workers: number,
  atHand: CountsAtHand = new Map(),
): number {
  const sum = (some: readonly Cell[]) =>
    some.reduce((total, cell) => total + estimateSeconds(cell, finished, atHand), 0);
  const alone = cells.filter(({ kind }) => kind === 'speed');
  const together = cells.filter(({ kind }) => kind !== 'speed');
  return sum(alone) + sum(together) / Math.max(1, Math.min(workers, together.length));
}

/** Actual by expected time of the cells most like this one; null when there are none. */
function correction(cell: Cell, finished: readonly Timed[], atHand: CountsAtHand): number | null {
  const sameKind = finished.filter(
    (other) => other.cell.kind === cell.kind && other.cell.backend === cell.backend,
  );
  const sameArchitecture = sameKind.filter((other) => other.cell.architecture === cell.architecture);
  const like = sameArchitecture.length > 0 ? sameArchitecture : sameKind;
  if (like.length === 0) return null;
  const expected = like.reduce((total, other) => total + expectedSeconds(other.cell, atHand), 0);
  return like.reduce((total, other) => total + other.seconds, 0) / expected;
}

/** Start of a process and of its backend. */
export const startSeconds = 3;
/** Floating-point operations a second of whole steps, far below what one product reaches. */
const operationsPerSecond: Readonly<Record<string, number>> = {
  'tensorflow-gpu': 1e12,
  tensorflow: 3e10,
  wasm: 5e9,
  cpu: 3e8,
};

function expectedSeconds(cell: Cell, atHand: CountsAtHand): number {
  if (isFloor(cell)) return startSeconds + 5;
  const operations =
    cell.kind === 'speed'
      ? speedOperations(cell)
      : cell.kind === 'recommender'
        ? recommenderOperations(cell, atHand)
        : cell.kind === 'summarizer'
          ? summarizerOperations(cell, atHand)
          : trainingOperations(cell, atHand);
  return startSeconds + operations / (operationsPerSecond[cell.backend] ?? 5e9);
}

/** Forward and backward cost about three forward passes. */
const passesOfTraining = 3;

function speedOperations({ encoder, mode, batch, warmup, samples }: SpeedCell): number {
  const passes = mode === 'training' ? passesOfTraining : 1;
  return (warmup + samples) * passes * batch * encoder.length * operationsPerToken(encoder);
}

/**
 * Of each split, where all are used and none were counted: texts and documents as many as a middling dataset has, and
 * impressions as the small edition of MIND.
 */
export const assumed = { examples: 25_000, impressions: 150_000, documents: 10_000 } as const;

/** What a cell asks for, as far as it is there; where all are used and none were counted, `guess`. */
function countsOf(dataset: DatasetChoice, atHand: CountsAtHand, guess: number): SplitCounts {
  const here = atHand.get(dataset.name);
  const count = (split: keyof SplitCounts) => {
    const wanted = dataset[split];
    if (here === undefined) return wanted ?? guess;
    return wanted === null ? here[split] : Math.min(wanted, here[split]);
  };
  return { train: count('train'), validation: count('validation'), test: count('test') };
}

function trainingOperations({ encoder, training, dataset }: TrainedCell, atHand: CountsAtHand): number {
  const { train, validation, test } = countsOf(dataset, atHand, assumed.examples);
  const sequences = training.maxEpochs * (passesOfTraining * train + validation) + test;
  const steps = (training.maxEpochs * train) / training.batchSize;
  // Adam reads and writes the whole embedding table at every step.
  const optimizer = steps * training.vocabulary * encoder.hidden * 10;
  return sequences * encoder.length * operationsPerToken(encoder) + optimizer;
}

const clicksAnImpression = 1.5;

/** Mostly titles: of the clicked news, each read once a batch, and of the candidates. */
function recommenderOperations(
  { recommender, training, dataset, members }: RecommenderCell,
  atHand: CountsAtHand,
): number {
  const { hidden, layers, titleLength, history, wordSize } = recommender;
  const { train, validation, test } = countsOf(dataset, atHand, assumed.impressions);
  const perTitle =
    titleLength * operationsPerToken({ layers, hidden, feedForward: hidden, length: titleLength });
  const clicks = clicksAnImpression * train;
  const titles = (history / 2 + training.negatives) * perTitle;
  const optimizer = (clicks / training.batchSize) * training.vocabulary * wordSize * 10;
  const epoch = passesOfTraining * clicks * titles + validation * titles + optimizer;
  return members * (training.maxEpochs * epoch + test * titles);
}

/** The encoder over documents, the decoder over summaries, the scores of all subwords; beams at the end. */
function summarizerOperations(
  { summarizer, training, decoding, dataset }: SummarizerCell,
  atHand: CountsAtHand,
): number {
  const { sourceLength, targetLength, encoderLayers, decoderLayers, hidden, feedForward } = summarizer;
  const { train, validation, test } = countsOf(dataset, atHand, assumed.documents);
  const sizes = { hidden, feedForward };
  const encoded =
    sourceLength * operationsPerToken({ ...sizes, layers: encoderLayers, length: sourceLength });
  const written =
    operationsPerToken({ ...sizes, layers: 2 * decoderLayers, length: sourceLength }) +
    2 * hidden * training.vocabulary;
  const read = encoded + targetLength * written;
  const epochs = training.maxEpochs * (passesOfTraining * train + validation) * read;
  return epochs + test * (encoded + decoding.maxLength * decoding.beams * written);
}

/** Of the projections and the feed-forward network, a token and layer. */
export const denseMultiplyAdds = ({
  hidden,
  feedForward,
}: Pick<EncoderSizes, 'hidden' | 'feedForward'>): number => 4 * hidden ** 2 + 2 * hidden * feedForward;

/** Two operations a multiply-add: projections, feed-forward and the products over the length. */
function operationsPerToken({
  layers,
  hidden,
  feedForward,
  length,
}: Pick<EncoderSizes, 'layers' | 'hidden' | 'feedForward' | 'length'>): number {
  return 2 * layers * (denseMultiplyAdds({ hidden, feedForward }) + 2 * length * hidden);
}
