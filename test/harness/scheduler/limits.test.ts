import { expect, test } from 'vitest';
import type { Cell } from '../../../harness/cell.js';
import { defaultWorkers, limitsFor, thisMachine } from '../../../harness/scheduler/limits.js';
import { speedCell, trainedCell } from '../cells.js';

const machine = { cores: 8, memoryBytes: 32 * 2 ** 30, freeBytes: 24 * 2 ** 30 };
/** Of a size at which a step is worth sharing among threads. */
const wide = { ...trainedCell.encoder, hidden: 1_024, feedForward: 1_024 };
const largeTrained = { ...trainedCell, encoder: wide };
const largeTimed = { ...speedCell, encoder: wide };
const nothing = { seconds: null, memoryBytes: null };

test('training cells share cores and memory, a speed cell has all', () => {
  const shared = limitsFor(largeTrained, machine, 4, nothing);
  const alone = limitsFor(largeTimed, machine, 4, nothing);
  expect([shared.threads, alone.threads]).toEqual([2, 8]);
  expect(shared.memoryBytes * 4).toBeLessThanOrEqual(machine.memoryBytes);
  expect(alone.memoryBytes).toBeGreaterThan(shared.memoryBytes * 3);
  expect(alone.memoryBytes).toBeLessThan(machine.freeBytes);
});

test('more workers than cores get a thread each', () => {
  expect(limitsFor(largeTrained, machine, 20, nothing).threads).toBe(1);
});

test('tiny steps get one thread, by sizes that all architectures share', () => {
  const threadsOf = (cell: Cell) => limitsFor(cell, machine, 1, nothing).threads;
  const transformer = { architecture: 'transformer', options: { attention: 'fused' } };
  for (const cell of [trainedCell, speedCell]) expect(threadsOf(cell)).toBe(1);
  for (const cell of [largeTrained, largeTimed, { ...speedCell, batch: 4_096 }]) {
    expect(threadsOf(cell)).toBe(8);
    expect(threadsOf({ ...cell, ...transformer })).toBe(8);
  }
});

test('what the user says goes', () => {
  expect(limitsFor(speedCell, machine, 4, { seconds: 5, memoryBytes: 1e9 })).toMatchObject({
    seconds: 5,
    memoryBytes: 1e9,
  });
});

test('workers are as many as cores, fewer where memory is short, never none', () => {
  expect(defaultWorkers(machine)).toBe(8);
  expect(defaultWorkers({ cores: 8, memoryBytes: 8 * 2 ** 30 })).toBe(2);
  expect(defaultWorkers({ cores: 1, memoryBytes: 2 ** 30 })).toBe(1);
});

test('this machine has cores and memory', () => {
  const { cores, memoryBytes, freeBytes } = thisMachine();
  expect(freeBytes).toBeGreaterThan(2 ** 25);
  expect(freeBytes).toBeLessThanOrEqual(memoryBytes);
  expect(cores).toBeGreaterThanOrEqual(1);
  expect(memoryBytes).toBeGreaterThan(2 ** 27);
});
