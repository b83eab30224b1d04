/** What a report says of growth with the length: declared, counted and measured. */
import type { SpeedMode } from '../paper/contract.js';
import type { Growth } from '../statistics/index.js';
import type { SpeedSetting } from './speed-contract.js';

/** How a sequence's time or memory grows with its length. */
export interface MeasuredGrowth {
  readonly mode: SpeedMode;
  readonly quantity: 'time' | 'memory';
  readonly growth: Growth;
  readonly records: readonly string[];
}

/** One variant of an architecture: what its paper declares, what is counted, what was measured. */
export interface ComplexityRow {
  readonly architecture: string;
  readonly title: string;
  /** O(...) of the table, or of the architecture's own paper; null for a plugin, which no record declares. */
  readonly declared: string | null;
  /** The power of N in it. */
  readonly power: number | null;
  /** Powers of N between two lengths; null where the suite can't count. */
  readonly counted: { readonly multiplyAdds: number; readonly activationBytes: number } | null;
  readonly measured: readonly MeasuredGrowth[];
}

export interface ComplexitySetting {
  readonly kind: 'complexity';
  readonly id: string;
  readonly title: string;
  /** What the slopes were taken over. */
  readonly speed: SpeedSetting;
  readonly rows: readonly ComplexityRow[];
}
