/** What `compare BASE HEAD` finds. */
import type { Interval } from '../statistics/index.js';

/** In the manner of criterion: what was seen, and when nothing could be, why. */
export type ChangeVerdict = 'better' | 'worse' | 'no difference detected' | 'too noisy';

export type Quantity = 'time' | 'memory' | 'score';

/** One quantity of one cell, before and after. */
export interface Change {
  /** `Fastformer, training at length 512`: all seeds or rounds together. */
  readonly cell: string;
  readonly quantity: Quantity;
  /** `time of a step`, `peak of tensors`, `accuracy`. */
  readonly title: string;
  /** Seconds, bytes, or a fraction of 1. */
  readonly base: number;
  readonly head: number;
  /** Of time and memory: head over base, less 1. Of scores: head minus base. */
  readonly change: number;
  /** 95 %, of the change; null where it is exact or nothing was repeated. */
  readonly interval: Interval | null;
  /** After Holm over all changes of the quantity; null where nothing was tested. */
  readonly p: number | null;
  /** What was repeated, on both sides: pairs of rounds or seeds, or steps. */
  readonly n: number;
  readonly verdict: ChangeVerdict;
  readonly reason: string;
  /** Ids, base first. */
  readonly records: readonly string[];
}

/** A change whose verdict waits for Holm's correction over its family. */
export interface Draft {
  /** Two-sided, taken alone; null where nothing is tested. */
  readonly alone: number | null;
  /** @param p - after the correction; null where nothing is tested */
  conclude(p: number | null): Change;
}

/** A cell that has no change to show. */
export interface Uncompared {
  readonly cell: string;
  readonly kind:
    | 'only in base'
    | 'only in head'
    | 'fails in head'
    | 'fails in base'
    | 'fails in both'
    | 'other machine';
  readonly reason: string;
  /** What it would have been compared by. */
  readonly quantities: readonly Quantity[];
}

export interface RecordsComparison {
  readonly changes: readonly Change[];
  readonly uncompared: readonly Uncompared[];
}
