/** Where every outcome starts: nothing measured yet. */
import type { FailureKind, Outcome } from './record.js';

export const emptyOutcome: Outcome = {
  backend: null,
  execution: 'none',
  precision: 'float32',
  compilation: null,
  metrics: {},
  seconds: null,
  memory: { peakTensorBytes: null, peakResidentBytes: null, baselineResidentBytes: null },
  samples: null,
  measuring: null,
  costs: null,
  curve: [],
  bestEpoch: null,
  throughput: null,
  data: null,
  resumed: 0,
  ranking: null,
  summary: null,
  failure: null,
};

export const failed = (kind: FailureKind, message: string, known: Partial<Outcome> = {}): Outcome => ({
  ...emptyOutcome,
  ...known,
  failure: { kind, message },
});
