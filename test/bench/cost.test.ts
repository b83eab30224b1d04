import { expect, test } from 'vitest';
import { costOf } from '../../bench/cost.js';
import { speedCell, trainedCell } from '../harness/cells.js';

const cells = [1, 2, 3, 4].map((seed) => ({ ...trainedCell, seed }));
const timed = [1, 2].map((seed) => ({ ...speedCell, seed }));
const took = (hours: number) => [
  { cell: trainedCell, seconds: 3600 * hours },
  { cell: speedCell, seconds: 1800 },
];

test('training is shared out, cells as wholes; what is timed is not', () => {
  const { kinds, hours } = costOf([...cells, ...timed], took(3));
  expect(kinds).toMatchObject([
    { kind: 'encoder', cells: 4, estimatedFrom: 1 },
    { kind: 'speed', cells: 2, estimatedFrom: 1 },
  ]);
  expect(kinds.map((kind) => [kind.hours, kind.longest])).toEqual([
    [expect.closeTo(12), expect.closeTo(3)],
    [expect.closeTo(1), expect.closeTo(0.5)],
  ]);
  expect(hours).toEqual([
    { machines: 1, hours: expect.closeTo(13) as number },
    { machines: 10, hours: expect.closeTo(3) as number },
    { machines: 1000, hours: expect.closeTo(3) as number },
  ]);
  const short = costOf([...cells, ...timed], took(0.1)).hours;
  expect(short.at(-1)?.hours).toBeCloseTo(1);
});
