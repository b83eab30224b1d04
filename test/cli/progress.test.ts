import { expect, test } from 'vitest';
import { createProgress, describeOutcome, formatTime } from '../../cli/progress.js';
import { failed } from '../../harness/outcome.js';
import { goodOutcome, jobOf, speedCell, trainedCell } from '../harness/cells.js';

function progressOf(live: boolean) {
  const jobs = [jobOf(trainedCell), jobOf({ ...trainedCell, seed: 2 })];
  const [first, second] = jobs;
  let text = '';
  const progress = createProgress({
    jobs,
    workers: 1,
    earlier: [],
    atHand: new Map(),
    live,
    write: (more) => (text += more),
  });
  return { progress, first: first!, second: second!, text: () => text };
}

test('without a terminal there is one plain line for each cell that ended', () => {
  const { progress, first, second, text } = progressOf(false);
  progress.report({ kind: 'started', job: first });
  progress.report({ kind: 'progress', job: first, event: { kind: 'phase', text: 'reading data' } });
  progress.report({ kind: 'ended', job: first, outcome: goodOutcome, seconds: 20 });
  progress.report({ kind: 'started', job: second });
  progress.report({ kind: 'ended', job: second, outcome: failed('timeout', 'no result'), seconds: 30 });
  progress.end();
  expect(text()).toBe(
    '[1/2] fastformer on brown, seed 1: accuracy 50.0 % (20 s; about 20 s left)\n' +
      '[2/2] fastformer on brown, seed 2: FAILED, timeout: no result (30 s)\n',
  );
});

test('on a terminal one line is drawn over, and gone at the end', () => {
  const { progress, first, text } = progressOf(true);
  progress.report({ kind: 'started', job: first });
  const epoch = {
    kind: 'epoch',
    epoch: 2,
    of: 3,
    trainLoss: 1,
    validationAccuracy: 0.5,
    seconds: 1,
  } as const;
  progress.report({ kind: 'progress', job: first, event: epoch });
  expect(text()).toMatch(/\r\x1b\[K0\/2, about .* left: fastformer on brown, seed 1, epoch 2 of 3$/);
  expect(text()).not.toContain('\n');
  progress.end();
  expect(text().endsWith('\r\x1b[K')).toBe(true);
});

test('nothing is drawn without an event', async () => {
  const { progress, first, text } = progressOf(true);
  progress.report({ kind: 'started', job: first });
  const before = text();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(text()).toBe(before);
});

test('results are told in their own units', () => {
  expect(describeOutcome(speedCell, { ...goodOutcome, seconds: 0.0123 })).toBe('12.3 ms a step');
  expect(describeOutcome(trainedCell, goodOutcome)).toBe('accuracy 50.0 %');
  expect(describeOutcome(trainedCell, failed('did not learn', 'as chance\nmore'))).toBe(
    'did not learn: as chance',
  );
});

test.each([
  [0.2, '1 s'],
  [89, '89 s'],
  [91, '2 min'],
  [5340, '89 min'],
  [5401, '1 h 30 min'],
  [7500, '2 h 05 min'],
])('%d seconds are told as %s', (seconds, text) => {
  expect(formatTime(seconds)).toBe(text);
});
