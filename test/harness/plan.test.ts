import { expect, test } from 'vitest';
import { isFinal, planJobs } from '../../harness/plan.js';
import { failureKinds } from '../../harness/record.js';
import { baselineCell, recordOf, speedCell, trainedCell } from './cells.js';

const none = new Map<string, string>();

test('a cell that two tables need is planned once', () => {
  expect(planJobs([trainedCell, speedCell, { ...trainedCell }], none)).toHaveLength(2);
});

test('seeds are the outermost loop, and speed cells come last within a seed', () => {
  const second = { ...trainedCell, seed: 2 };
  const jobs = planJobs([speedCell, baselineCell, trainedCell, second], none);
  expect(jobs.map(({ cell }) => [cell.seed, cell.kind])).toEqual([
    [1, 'baseline'],
    [1, 'encoder'],
    [1, 'speed'],
    [2, 'encoder'],
  ]);
});

test('ids do not depend on the order of the plan', () => {
  const ids = (cells: Parameters<typeof planJobs>[0]) =>
    planJobs(cells, none)
      .map(({ id }) => id)
      .sort();
  expect(ids([trainedCell, speedCell])).toEqual(ids([speedCell, trainedCell]));
});

test('results are final; failures of the machine, the data or a plugin are tried again', () => {
  const final = failureKinds.filter((kind) =>
    isFinal(recordOf('00000000000000aa', trainedCell, { failure: { kind, message: '' } })),
  );
  expect(final).toEqual(['diverged', 'did not learn']);
  expect(isFinal(recordOf('00000000000000aa'))).toBe(true);
});
