/** Documents with summaries that were read from nowhere. */
import type { SummaryPair } from '../../tasks/datasets/pair-contract.js';
import type { PairData } from '../../tasks/summarization/data.js';

/** @param heldOut - for validation and for testing */
export const pairDataOf = (train: readonly SummaryPair[], heldOut = train): PairData => ({
  train,
  validation: heldOut,
  test: heldOut,
  label: '',
  sha256: '',
  standIn: false,
  splitRule: '',
  empty: 0,
  duplicates: 0,
});
