import { expect, test } from 'vitest';
import { estimateRemaining, estimateSeconds } from '../../harness/estimate.js';
import { baselineCell, speedCell, trainedCell } from './cells.js';

const twice = { ...trainedCell, training: { ...trainedCell.training, maxEpochs: 200 } };

test('what took time before is expected to take it again', () => {
  expect(estimateSeconds(trainedCell, [{ cell: trainedCell, seconds: 50 }])).toBeCloseTo(50);
});

test('cells of the same architecture tell more than others of the kind', () => {
  const other = { ...trainedCell, architecture: 'transformer' };
  const finished = [
    { cell: other, seconds: 1000 },
    { cell: trainedCell, seconds: 10 },
  ];
  expect(estimateSeconds({ ...trainedCell, seed: 2 }, finished)).toBeCloseTo(10);
});

test('a cell of another kind or backend tells nothing', () => {
  const finished = [
    { cell: speedCell, seconds: 1000 },
    { cell: { ...trainedCell, backend: 'cpu' }, seconds: 1000 },
  ];
  expect(estimateSeconds(trainedCell, finished)).toBe(estimateSeconds(trainedCell, []));
});

test('more epochs, and a slower backend, are expected to take longer', () => {
  expect(estimateSeconds(twice, [])).toBeGreaterThan(estimateSeconds(trainedCell, []));
  expect(estimateSeconds({ ...twice, backend: 'cpu' }, [])).toBeGreaterThan(estimateSeconds(twice, []));
});

test('training cells share workers, speed cells wait for each other', () => {
  const finished = [
    { cell: trainedCell, seconds: 10 },
    { cell: speedCell, seconds: 4 },
  ];
  const cells = [
    trainedCell,
    { ...trainedCell, seed: 2 },
    speedCell,
    { ...speedCell, mode: 'inference' } as const,
  ];
  const speedTime = estimateSeconds(cells[2]!, finished) + estimateSeconds(cells[3]!, finished);
  expect(estimateRemaining(cells, finished, 2)).toBeCloseTo(10 + speedTime);
  expect(estimateRemaining(cells, finished, 1)).toBeCloseTo(20 + speedTime);
  expect(estimateRemaining([], finished, 2)).toBe(0);
});

test('every estimate is a positive, finite time', () => {
  const whole = {
    ...trainedCell,
    dataset: { ...trainedCell.dataset, train: null, validation: null, test: null },
  };
  for (const cell of [trainedCell, whole, baselineCell, speedCell]) {
    expect(estimateSeconds(cell, [])).toBeGreaterThan(0);
    expect(Number.isFinite(estimateSeconds(cell, []))).toBe(true);
  }
});

test('what was counted takes the place of a guess, and is more than was asked for never', () => {
  const all = {
    ...trainedCell,
    dataset: { ...trainedCell.dataset, train: null, validation: null, test: null },
  };
  const counted = (train: number) => new Map([[all.dataset.name, { train, validation: 10, test: 10 }]]);
  const few = estimateSeconds(all, [], counted(100));
  expect(few).toBeLessThan(estimateSeconds(all, []));
  expect(estimateSeconds(all, [], counted(1_000))).toBeGreaterThan(few);
  const asked = { ...all, dataset: { ...all.dataset, train: 100 } };
  expect(estimateSeconds(asked, [], counted(1_000))).toBe(few);
  expect(estimateSeconds(asked, [], counted(50))).toBeLessThan(few);
});

test('cells that ended are corrected by what was counted, too', () => {
  const all = { ...trainedCell, dataset: { ...trainedCell.dataset, train: null } };
  const atHand = new Map([[all.dataset.name, { train: 100, validation: 10, test: 10 }]]);
  expect(estimateSeconds(all, [{ cell: all, seconds: 50 }], atHand)).toBeCloseTo(50);
});
