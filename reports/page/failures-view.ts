/** Failed runs by what happened, the most frequent first. */
import type { FailureKind } from '../../harness/record.js';
import type { FailedRun } from '../summary/contract.js';
import { groupBy } from '../summary/records.js';

const meanings: Readonly<Record<FailureKind, string>> = {
  'out of memory': 'the cell needed more than it might take, here',
  timeout: 'the cell took longer than it might, or was silent',
  crashed: 'the process ended without a result',
  diverged: 'the loss became infinite or no number',
  'did not learn': 'no better on validation than always answering the most frequent class',
  unsupported: 'the backend or the architecture cannot do it',
  'dataset missing': 'the data were not at hand',
  'bad data': 'the data could not be read',
  'plugin error': 'the plugin’s own code failed',
};

export const failuresView = (failures: readonly FailedRun[]) =>
  groupBy(failures, ({ kind }) => kind)
    .toSorted(([, a], [, b]) => b.length - a.length)
    .flatMap(([, runs]) => {
      const [first] = runs;
      return first === undefined
        ? []
        : [{ kind: first.kind, meaning: meanings[first.kind], count: runs.length, runs }];
    });
