/**
 * Expected memory of a step of a speed cell, from what is known without running it.
 *
 *     tensors  = s P + e T D + L (d T D + f T F + a A + q Q) + a' A + q' Q + w W
 *     resident = process + r tensors
 *
 * P: bytes of the parameters (s = 3 in training: value and Adam's two moments). T: 4 bytes for every token of the batch,
 * D hidden, F feed-forward width, L layers. A: bytes that a mixer's products put out, as its architecture declares them,
 * without Q, the part that grows with the square of the length. Where attention runs in slices, Q is never whole:
 * then W, one slice, stands for it.
 *
 * The factors were fitted to counted peaks of every architecture in the suite at six sizes. Op by op a tape keeps all
 * intermediate results of a step; a graph frees each after its last reader.
 */
import type { z } from 'zod';
import type { Architecture, Cost } from '../architectures/contract.js';
import { sliceElements } from '../architectures/layers/slices.js';
import type { EncoderSizes, SpeedCell } from './cell.js';

export interface PredictedMemory {
  /** Peak of all tensors alive at once. */
  readonly tensorBytes: number;
  /** Peak resident set of the whole process. */
  readonly residentBytes: number;
}

type Described = Pick<
  SpeedCell,
  'options' | 'encoder' | 'mode' | 'batch' | 'vocabulary' | 'classes' | 'backend' | 'execution'
>;

interface Factors {
  readonly parameters: number;
  readonly embedding: number;
  /** For each layer. */
  readonly layer: {
    readonly hidden: number;
    readonly feedForward: number;
    readonly mixer: number;
    readonly square: number;
  };
  /** Once, whatever the layers. */
  readonly mixer: number;
  readonly square: number;
  readonly slice: number;
}

const factors: Readonly<Record<'eager' | 'graph', Readonly<Record<SpeedCell['mode'], Factors>>>> = {
  eager: {
    inference: {
      parameters: 1,
      embedding: 4.7,
      layer: { hidden: 22.7, feedForward: 3.9, mixer: 1.6, square: 4.2 },
      ...{ mixer: 1.2, square: 0, slice: 1.2 },
    },
    training: {
      parameters: 3,
      embedding: 24.6,
      layer: { hidden: 72.8, feedForward: 18.8, mixer: 2.9, square: 8.9 },
      ...{ mixer: 3.2, square: 0, slice: 1.7 },
    },
  },
  graph: {
    inference: {
      parameters: 0.6,
      embedding: 2.6,
      layer: { hidden: 0, feedForward: 0, mixer: 0, square: 0 },
      ...{ mixer: 0.4, square: 1.7, slice: 1.5 },
    },
    training: {
      parameters: 3.3,
      embedding: 3.8,
      layer: { hidden: 7.1, feedForward: 3.2, mixer: 0.1, square: 1.2 },
      ...{ mixer: 0.6, square: 1, slice: 1.9 },
    },
  },
};

/**
 * What a process holds beside its tensors, and its resident bytes for each byte of tensors: more than 1 where independent
 * nodes of a graph run side by side, less where counted tensors share their memory.
 */
const processes: Readonly<Record<string, Readonly<Record<'eager' | 'graph', Resident>>>> = {
  tensorflow: { eager: { bytes: 5.5e8, share: 0.7 }, graph: { bytes: 6e8, share: 1.4 } },
  wasm: { eager: { bytes: 2e8, share: 1.1 }, graph: { bytes: 2e8, share: 1.1 } },
  cpu: { eager: { bytes: 2e8, share: 1.1 }, graph: { bytes: 2e8, share: 1.1 } },
};

interface Resident {
  readonly bytes: number;
  readonly share: number;
}

/** @returns null for options that the architecture refuses, and where the memory is another device's */
export function predictMemory(cell: Described, architecture: Architecture): PredictedMemory | null {
  const options = architecture.options.safeParse(cell.options);
  const execution = cell.backend === 'tensorflow' && cell.execution !== 'eager' ? 'graph' : 'eager';
  const process = processes[cell.backend]?.[execution];
  if (!options.success || process === undefined) return null;
  const factor = factors[execution][cell.mode];
  const { length, layers, hidden, feedForward } = cell.encoder;
  const costOf = (tokens: number) => architecture.cost({ ...cell.encoder, length: tokens }, options.data);
  const { mixer, square, slice } = mixerBytes(costOf, cell, isSliced(options.data));
  const width = 4 * cell.batch * length;
  const ofLayer =
    width * (factor.layer.hidden * hidden + factor.layer.feedForward * feedForward) +
    factor.layer.mixer * mixer +
    factor.layer.square * square;
  const tensorBytes =
    factor.parameters * 4 * parametersOf(cell, costOf(length)) +
    factor.embedding * width * hidden +
    layers * ofLayer +
    factor.mixer * mixer +
    factor.square * square +
    factor.slice * slice;
  return { tensorBytes, residentBytes: process.bytes + process.share * tensorBytes };
}

/** An architecture that can keep its weights whole or in slices says so by this option. */
const isSliced = (options: z.infer<Architecture['options']>): boolean => options['attention'] === 'sliced';

/** Of a mixer's products over the batch: what grows no faster than the length, its square, and one slice of that. */
function mixerBytes(
  costOf: (length: number) => Cost,
  { batch, encoder: { length } }: Described,
  sliced: boolean,
) {
  const at = (tokens: number) => batch * costOf(tokens).activationBytes;
  // Of a N + b N², the second difference over equal steps is 2 b times the square of the step.
  const step = Math.max(1, Math.floor(length / 2));
  const curve = at(length) - 2 * at(length - step) + at(Math.max(0, length - 2 * step));
  const square = Math.min(at(length), Math.max(0, (curve / (2 * step ** 2)) * length ** 2));
  return {
    mixer: at(length) - square,
    square: sliced ? 0 : square,
    slice: sliced ? Math.min(square, 4 * sliceElements) : 0,
  };
}

/** Trainable numbers of the whole model: mixers, the layers round them, tables, pooling and head. */
function parametersOf({ encoder, vocabulary, classes }: Described, mixer: Cost): number {
  const { hidden, length, layers, shareLayers, positions } = encoder;
  const distinct = shareLayers ? 1 : layers;
  const tables = (vocabulary + (positions ? length : 0)) * hidden + 2 * hidden;
  return tables + distinct * (mixer.parameters + shellParameters(encoder)) + headParameters(encoder, classes);
}

/** Feed-forward and two norms. */
const shellParameters = ({ hidden, feedForward }: EncoderSizes): number =>
  2 * hidden * feedForward + hidden + feedForward + 4 * hidden;

const headParameters = ({ hidden, pooling }: EncoderSizes, classes: number): number =>
  (pooling === 'additive' ? hidden * (hidden + 1) : 0) + hidden + 1 + (hidden + 1) * classes;
