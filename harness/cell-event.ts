import type { Outcome } from './record.js';
import type { Part } from './scheduler/gate.js';

/** What a running cell tells about its progress; sent outside of timed regions only. */
export type CellEvent =
  | { readonly kind: 'phase'; readonly text: string }
  /** Something that the user should know, and that is no failure. */
  | { readonly kind: 'note'; readonly text: string }
  | {
      readonly kind: 'epoch';
      readonly epoch: number;
      readonly of: number;
      readonly trainLoss: number;
      readonly seconds: number;
    };

/** All that the cell is about has been measured; what follows only adds to it, and may fail without undoing it. */
export interface Measured {
  readonly kind: 'measured';
  readonly outcome: Outcome;
}

/** Waits until this process may do what comes next: what is timed goes on alone, what is not, beside others. */
export type AwaitTurn = (part: Part) => Promise<void>;

export type Report = (event: CellEvent) => void;
export type SpeedReport = (event: CellEvent | Measured) => void;
