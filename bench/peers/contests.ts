/**
 * Who is compared with whom: an architecture of ours and the same model in PyTorch, in one or two forms, with the ratios
 * that ours is to stay below.
 */
import type { SpeedCell } from '../../harness/cell.js';

export type Mode = SpeedCell['mode'];

/** Ours over theirs, at most. */
export interface Bounds {
  /** Of the median step. */
  readonly seconds: Readonly<Record<Mode, number>>;
  /** Of the peak resident set. */
  readonly memory: number;
}

/** A form of the model in `pytorch_peer.py`. */
export interface Rival {
  /** What the script calls it. */
  readonly mixer: string;
  readonly title: string;
  readonly bounds: Bounds;
}

export interface Contest {
  /** Of `architectures/`. */
  readonly name: string;
  /** Options that make it the model of its rivals, as on the command line; others have their defaults. */
  readonly options: Readonly<Record<string, string>>;
  readonly rivals: readonly Rival[];
  /** Where the two may differ, or had to be made alike. */
  readonly notes: readonly string[];
}

const both = (seconds: number): Bounds['seconds'] => ({ training: seconds, inference: seconds });
const linearBounds: Bounds = { seconds: both(0.95), memory: 1.1 };

/** Slots of Linformer, and tokens that Longformer sees to each side. */
export const peerSizes = { slots: 16, reach: 16 } as const;

export const contests: readonly Contest[] = [
  {
    name: 'fastformer',
    options: { outputProjection: 'false' },
    rivals: [
      {
        mixer: 'fastformer',
        title: 'same equations',
        bounds: { seconds: { training: 0.85, inference: 0.8 }, memory: 1 },
      },
    ],
    notes: ['without the output projection, as the paper; scores see the whole vector, as the official code'],
  },
  {
    name: 'transformer',
    options: {},
    rivals: [
      { mixer: 'textbook', title: 'textbook', bounds: { seconds: both(0.7), memory: 1.05 } },
      { mixer: 'fused', title: 'fused', bounds: { seconds: both(1.05), memory: 1.05 } },
    ],
    notes: ['ours is one implementation, beside the textbook attention and beside the fused one'],
  },
  {
    name: 'linformer',
    options: { k: String(peerSizes.slots), tieProjections: 'true' },
    rivals: [{ mixer: 'linformer', title: 'same equations', bounds: linearBounds }],
    notes: ['one projection for keys and values (E = F)'],
  },
  {
    name: 'linear',
    options: {},
    rivals: [{ mixer: 'linear', title: 'same equations', bounds: linearBounds }],
    notes: [],
  },
  {
    name: 'longformer',
    options: { window: String(2 * peerSizes.reach), globalTokens: '0' },
    rivals: [{ mixer: 'longformer', title: 'sliding window', bounds: linearBounds }],
    notes: ['the sliding window alone: no global tokens'],
  },
];

/** True of every pair. */
export const commonNotes: readonly string[] = [
  'Same model and sizes on both sides: linear pooling, no dropout, Adam, float32, random tokens; ours is given a mask of ones, PyTorch none.',
  'Medians over the samples of all rounds. The ratio is the geometric mean over rounds of ours / PyTorch, the interval a 95 % t interval over rounds.',
  'Memory is the peak resident set of the process (ru_maxrss), with whatever it loads: Node.js and TensorFlow, Python and PyTorch.',
  'A question mark: the interval reaches over the bound, or there is none.',
];
