/** What a report says of time and memory: a point a length, and what follows from the points. */
import type { EncoderSizes } from '../../harness/cell.js';
import type { RunRecord } from '../../harness/record.js';
import type { SpeedMode } from '../paper/contract.js';
import type { EfficiencyLength, Interval } from '../statistics/index.js';

/** One variant of an architecture at one length and mode. */
export interface SpeedPoint {
  readonly architecture: string;
  readonly title: string;
  readonly mode: SpeedMode;
  readonly length: number;
  readonly batch: number;
  /** Seconds of every timed step, all records together. */
  readonly samples: readonly number[];
  readonly median: number | null;
  readonly interval: Interval | null;
  readonly peakTensorBytes: number | null;
  /** Of the process, less what it held before the first tensor. */
  readonly residentBytes: number | null;
  readonly records: readonly RunRecord[];
  readonly failed: readonly RunRecord[];
}

export interface SpeedSetting {
  readonly kind: 'speed';
  readonly id: string;
  readonly title: string;
  readonly backend: string;
  readonly machine: string;
  readonly threads: number | null;
  readonly encoder: Omit<EncoderSizes, 'length'>;
  readonly tokens: number;
  readonly points: readonly SpeedPoint[];
}

/** From which length on a variant stays below a form of the Transformer. */
export interface Efficiency extends EfficiencyLength {
  readonly setting: string;
  /** Title of the variant that it is held against. */
  readonly baseline: string;
  readonly architecture: string;
  readonly title: string;
  readonly mode: SpeedMode;
  readonly quantity: 'time' | 'memory';
  /** Where both were measured: what `always` and `never` speak of. */
  readonly lengths: readonly number[];
  readonly records: readonly string[];
}

/** The largest batch of one variant that was found to fit. */
export interface LargestBatch {
  readonly architecture: string;
  readonly title: string;
  readonly mode: SpeedMode;
  readonly length: number;
  /** Sequences; 0 where not even one fits. */
  readonly batch: number;
  /** The smallest batch that did not fit; null where none was met. */
  readonly tooLarge: number | null;
  /** At that batch: the median step over its tokens. */
  readonly secondsPerToken: number | null;
  readonly interval: Interval | null;
  readonly peakTensorBytes: number | null;
  /** Of the whole process. */
  readonly peakResidentBytes: number | null;
  /** At the batch of the sweep, which holds the tokens of a step constant; null where that was not timed. */
  readonly shared: {
    readonly batch: number;
    readonly secondsPerToken: number;
    readonly records: readonly string[];
  } | null;
  /** Ids of all tries. */
  readonly records: readonly string[];
}

export interface LargestBatchSetting {
  readonly id: string;
  readonly title: string;
  readonly limitBytes: number;
  readonly backend: string;
  readonly machine: string;
  readonly encoder: Omit<EncoderSizes, 'length'>;
  readonly rows: readonly LargestBatch[];
}
