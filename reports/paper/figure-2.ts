/**
 * Figure 2: time of inference and of training by sequence length, with the tokens of a batch held constant.
 *
 * The paper prints no numbers for it. These were read off the vector paths of the figure. Its axis is seconds a layer,
 * summed over an unstated number of batches, so only ratios between curves are of use.
 */
import type { Cell } from '../../harness/cell.js';
import type { CellRequest, SpeedFigure, SpeedMode } from './contract.js';
import { figure2Claims } from './figure-2-claims.js';
import { presets } from './presets.js';
import { speedSweep } from './speed-cells.js';
import { withTextbook } from './textbook-forms.js';

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
    'Each architecture, length and mode is timed in rounds: processes of their own, in a random order within a round, each with a fixed control workload before and after. Steps are thrown away until their times settle; where the control moved by more than a tenth the samples are taken anew, and marked as disturbed when it moves again.',
    'Times are the median of the timed steps of all rounds with a 95 % bootstrap (BCa) interval over those steps; n is the number of steps. Steps of one process are not independent runs, so that interval shows the noise within runs. No sample is dropped: those further than 3 scaled median absolute deviations from the median are counted as outliers.',
    'Ratios compare with Fastformer at the same length: 3 means three times the time. Where both ran in two or more rounds, each a process of its own, a ratio is the geometric mean over rounds with a Student-t interval; else it is the ratio of the medians with a bootstrap interval over the steps of one process, which can’t show how processes differ.',
    'Claims that cover several lengths are supported when every comparison points their way and the least clear one is significant, and contradicted by one clear counterexample; Holm’s correction goes over all claims. Differences below 2 % count as none.',
    'The Transformer stands here twice: with attention in slices, which never holds more than a slice of its N × N weights, and with the textbook attention, which holds them all. So does Fastformer: by default it sums tokens before it projects them, form=textbook projects every token as published. Each two compute the same; the preset smoke has the defaults alone.',
    'A cell that needs more memory than it may have is tried all the same, ended as it passes the limit, and marked as out of memory: “needs about” is the memory model’s estimate for the whole process.',
    'The efficiency length is the length from which on an architecture stays below the Transformer, counted against each of its two forms, read off straight lines between the measured lengths on logarithmic axes; its 95 % interval is a bootstrap over rounds, or over steps where there is one round.',
    'Memory is the peak of all tensors alive at once during a step, counted exactly. It includes the parameters and, in training, the optimizer’s state. Below it stands what the whole process held at its peak, less what it held before its first tensor.',
  ],
  caveats: [
    'The paper prints no numbers for this figure: its curves were digitised, and its seconds sum an unstated number of batches. Only ratios compare.',
    'The paper measured Keras 2.2 on TensorFlow 1.12 on a V100, 65,536 tokens a batch. Its factor of 46 at length 512 comes mostly from softmax and memory traffic; by operations alone about 2.7 is expected.',
    'The Transformer’s curve stops at 512 in the paper, “limited by the GPU memory”. A leaner implementation need not stop there.',
    'The text says lengths go to 65,535; the axis says 65,536.',
  ],
  cells: cellsOf,
  claims: figure2Claims,
};

/** Rounds stand for seeds. What cannot fit is planned like everything else: it is tried, and recorded as such. */
function cellsOf(request: CellRequest): Cell[] {
  const { speed } = presets[request.preset];
  const { rounds = speed.rounds, seeds, architectures, backend } = request;
  return speedSweep({
    ...speed,
    modes,
    architectures: speed.textbookForms ? withTextbook(architectures) : architectures,
    rounds,
    firstRound: seeds[0] ?? 1,
    backend,
    execution: 'auto',
    precision: 'float32',
  });
}
