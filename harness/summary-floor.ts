/** Runs a cell of a floor of summarization: no network, no backend. */
import type { PairData } from '../tasks/summarization/data.js';
import type { SummaryFloor } from '../tasks/summarization/floors/contract.js';
import { describeSummaries } from './describe-summaries.js';
import { baselineResidentBytes, memoryOf } from './memory.js';
import { emptyOutcome } from './outcome.js';
import type { Outcome } from './record.js';

export function runSummaryFloor(floor: SummaryFloor, data: PairData, seed: number): Outcome {
  const resident = baselineResidentBytes();
  const start = performance.now();
  const summarize = floor.fit(data, seed);
  const predictions = data.test.map((pair) => summarize(pair).join('\n'));
  const { summary, metrics } = describeSummaries(data, predictions, null);
  return {
    ...emptyOutcome,
    metrics,
    seconds: (performance.now() - start) / 1000,
    memory: memoryOf(resident, null),
    summary,
  };
}
