import { expect, test } from 'vitest';
import { createGate, type Held } from '../../../harness/scheduler/gate.js';

/** A child that keeps what it was told. */
function listener(): Held & { readonly told: string[] } {
  const told: string[] = [];
  return { told, hold: () => told.push('hold'), go: () => told.push('go') };
}

test('whoever asks first is not let in before all have asked; then one goes on, then the next, then all', () => {
  const gate = createGate();
  const [a, b] = [listener(), listener()];
  gate.enter(a);
  gate.enter(b);
  const ask = (child: Held, part: 'timed' | 'untimed') => {
    gate.ask(child, part);
    gate.advance();
  };
  ask(b, 'timed');
  expect(b.told).toEqual(['hold']);
  ask(a, 'timed');
  expect([a.told, b.told]).toEqual([['hold', 'go'], ['hold']]);
  expect(gate.isOpen()).toBe(false);
  ask(a, 'untimed');
  expect([a.told, b.told]).toEqual([
    ['hold', 'go', 'hold'],
    ['hold', 'go'],
  ]);
  expect(gate.isOpen()).toBe(false);
  ask(b, 'untimed');
  expect(a.told).toEqual(['hold', 'go', 'hold', 'go']);
  expect(b.told).toEqual(a.told);
  expect(gate.isOpen()).toBe(true);
});

test('what a child says while it waits, or after its end, means nothing', () => {
  const gate = createGate();
  const [a, b] = [listener(), listener()];
  gate.enter(a);
  gate.enter(b);
  gate.ask(a, 'timed');
  gate.ask(a, 'untimed');
  gate.leave(b);
  gate.ask(b, 'timed');
  gate.advance();
  expect(a.told).toEqual(['hold', 'go']);
  expect(b.told).toEqual([]);
  expect(gate.isOpen()).toBe(false);
});
