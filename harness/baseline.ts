/** Runs a baseline cell: a floor computed without training a network. */
import type { Baseline } from '../tasks/classification/baselines/contract.js';
import type { ClassificationData } from '../tasks/classification/data.js';
import { classification as task } from '../tasks/classification/task.js';
import { describeData } from './describe-data.js';
import { baselineResidentBytes, memoryOf } from './memory.js';
import { emptyOutcome } from './outcome.js';
import type { Outcome } from './record.js';

export function runBaseline(baseline: Baseline, data: ClassificationData): Outcome {
  const resident = baselineResidentBytes();
  const start = performance.now();
  const { test } = baseline.predict(data);
  const metrics = task.evaluate([...data.test.labels], [...test]);
  return {
    ...emptyOutcome,
    metrics: { ...metrics },
    seconds: (performance.now() - start) / 1000,
    memory: memoryOf(resident, null),
    data: describeData(data, 0),
  };
}
