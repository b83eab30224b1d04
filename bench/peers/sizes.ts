/** The sizes that every process of a run shares, whichever side it is on. */
export interface SharedSizes {
  readonly hidden: number;
  readonly heads: number;
  readonly layers: number;
  readonly feedForward: number;
  /** Rows of the token table. */
  readonly vocabulary: number;
  readonly classes: number;
  /** Steps that are thrown away: at least, and at most when times do not settle. */
  readonly warmup: number;
  readonly warmupLimit: number;
  /** Timed steps of a process. */
  readonly samples: number;
  readonly threads: number;
}
