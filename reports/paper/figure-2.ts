/**
 * Figure 2: time of inference and of training by sequence length, with the tokens of a batch held constant.
 *
 * The paper prints no numbers for it. These were read off the vector paths of the figure. Its axis is seconds a layer,
 * summed over an unstated number of batches, so only ratios between curves are of use.
 */
import type { Cell } from '../../harness/cell.js';
import type { CellRequest, SpeedFigure, SpeedMode } from './contract.js';
import { presets } from './presets.js';

/** 128, 256, 512, ... 65,536: where the curves have points. */
const firstLength = 128;

/** Seconds, from length 128 on, doubling. */
const seconds: Readonly<Record<SpeedMode, Readonly<Record<string, readonly number[]>>>> = {
  inference: {
    transformer: [122, 241, 604],
    longformer: [33.9, 34.1, 33.9, 34.4, 35.1, 35.6, 37.7, 43.8, 62.1, 104],
    bigbird: [78.6, 79.4, 78.8, 79.6, 79.9, 82.3, 86.1, 104, 142, 229],
    linformer: [59.4, 58.2, 57.4, 57.9, 58.8, 59.9, 63.2, 84.1, 126, 202],
    linear: [74.8, 74.4, 74.9, 75.2, 77.8, 83.6, 90.5, 99.8, 111, 164],
    poolingformer: [545, 543, 559, 562, 566, 576, 606, 748, 1363, 2571],
    fastformer: [13.1, 13.0, 13.2, 13.4, 13.9, 14.2, 15.5, 19.8, 31.7, 57.4],
  },
  training: {
    transformer: [240, 517, 1233],
    longformer: [92.0, 94.0, 95.0, 98.0, 103, 134, 182, 283, 478, 991],
    bigbird: [146, 148, 151, 157, 166, 212, 293, 434, 772, 1464],
    linformer: [167, 168, 173, 180, 191, 245, 356, 552, 1014, 2187],
    linear: [183, 184, 186, 190, 199, 256, 393, 576, 941, 2024],
    poolingformer: [1677, 1690, 1698, 1723, 1810, 2421, 3536, 6791, 10988, 20939],
    fastformer: [36.5, 36.7, 37.1, 38.4, 39.9, 49.4, 79.0, 132, 234, 472],
  },
};

const modes = ['inference', 'training'] as const;

/** Quadratic attention is not planned beyond this length: its matrices would fill any memory. */
const longestQuadratic = 4_096;

export const figure2: SpeedFigure = {
  kind: 'speed',
  name: 'figure-2',
  title: 'Speed and memory by sequence length',
  where: 'Figure 2, section 4.3',
  rows: [
    { architecture: 'transformer', title: 'Transformer' },
    { architecture: 'longformer', title: 'Longformer' },
    { architecture: 'bigbird', title: 'BigBird' },
    { architecture: 'linformer', title: 'Linformer' },
    { architecture: 'linear', title: 'Linear Transformer' },
    { architecture: 'poolingformer', title: 'Poolingformer' },
    { architecture: 'fastformer', title: 'Fastformer' },
  ],
  reference: 'fastformer',
  published: (architecture, mode, length) => {
    const index = Math.log2(length / firstLength);
    return Number.isInteger(index) ? (seconds[mode][architecture]?.[index] ?? null) : null;
  },
  howToRead: [
    'Every step handles the same number of tokens: a longer sequence means a smaller batch. A flat line is linear cost, a rising line is worse than linear.',
    'Times are the median of the timed steps with a 95 % bootstrap (BCa) interval over those steps; n is the number of steps. Steps of one process are not independent runs, so the interval shows the noise within a run.',
    'Ratios compare with Fastformer at the same length: 3 means three times the time. It is the ratio of the medians, with a bootstrap interval; Welch’s test on the logarithms of the steps judges it.',
    'Memory is the peak of all tensors alive at once during a step, counted exactly. It includes the parameters and, in training, the optimizer’s state. Below it stands what the whole process held at its peak, less what it held before its first tensor.',
  ],
  caveats: [
    'The paper prints no numbers for this figure: its curves were digitised, and its seconds sum an unstated number of batches. Only ratios compare.',
    'The paper measured Keras 2.2 on TensorFlow 1.12 on a V100, 65,536 tokens a batch. Its factor of 46 at length 512 comes mostly from softmax and memory traffic; by operations alone about 2.7 is expected.',
    'The Transformer’s curve stops at 512 in the paper, “limited by the GPU memory”. A leaner implementation need not stop there.',
    'The text says lengths go to 65,535; the axis says 65,536.',
  ],
  cells: cellsOf,
  claims: [512, 1_024].flatMap((length) =>
    modes.map((mode) => ({
      text: `Fastformer is faster than the Transformer in ${mode} at length ${length.toLocaleString('en-US')}`,
      mode,
      length,
      faster: 'fastformer',
      slower: 'transformer',
    })),
  ),
};

/** Short sequences first; each length in both modes for every architecture. One seed: the samples are within a cell. */
function cellsOf(request: CellRequest): Cell[] {
  const { encoder, lengths, tokens, vocabulary, classes, warmup, samples } = presets[request.preset].speed;
  return lengths.flatMap((length) =>
    modes.flatMap((mode) =>
      request.architectures
        .filter(({ name }) => name !== 'transformer' || length <= longestQuadratic)
        .map(
          ({ name, options }): Cell => ({
            task: 'speed',
            kind: 'speed',
            architecture: name,
            options,
            encoder: { ...encoder, length },
            mode,
            batch: tokens / length,
            vocabulary,
            classes,
            warmup,
            samples,
            seed: request.seeds[0] ?? 1,
            backend: request.backend,
          }),
        ),
    ),
  );
}
