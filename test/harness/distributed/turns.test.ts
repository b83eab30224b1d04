import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openHostTurns } from '../../../harness/distributed/host-turns.js';
import { createSlots } from '../../../harness/distributed/slots.js';
import { temporaryFolder } from '../folders.js';

const never = new AbortController().signal;
const soon = () => new Promise((resolve) => setTimeout(resolve, 250));

test('training cells run side by side, a speed cell alone, between any two openings of the folder', async () => {
  const folder = temporaryFolder();
  const [one, other] = [await openHostTurns(folder), await openHostTurns(folder)];
  const first = await one.take(false, never);
  const second = await other.take(false, never);
  let timed = false;
  const alone = one.take(true, never).then((end) => {
    timed = true;
    return end;
  });
  await first();
  await soon();
  expect(timed).toBe(false);
  await second();
  const endTimed = await alone;
  let late = false;
  const after = other.take(false, never).then((end) => {
    late = true;
    return end;
  });
  await soon();
  expect(late).toBe(false);
  await endTimed();
  await (await after)();
  expect(readdirSync(folder)).toEqual([]);
});

test('what a dead process held is free, and who is told to stop waits no longer', async () => {
  const folder = temporaryFolder();
  const turns = await openHostTurns(folder);
  const dead = JSON.stringify({ pid: 2 ** 22 - 1, host: (await import('node:os')).hostname(), started: '1' });
  const name = 'cell-00000000-0000-0000-0000-000000000000.lock';
  writeFileSync(join(folder, name), dead);
  const end = await turns.take(true, never);
  expect(readdirSync(folder)).toEqual(['speed.lock']);
  await expect(turns.take(false, AbortSignal.timeout(200))).rejects.toThrow();
  await end();
});

test('no more than there are slots, in the order in which they came', async () => {
  const slots = createSlots(2);
  const order: number[] = [];
  const frees = [await slots.take(), await slots.take()];
  const waiting = [3, 4].map(async (number) => {
    const free = await slots.take();
    order.push(number);
    return free;
  });
  await Promise.resolve();
  expect(order).toEqual([]);
  for (const free of frees) free();
  for (const free of await Promise.all(waiting)) free();
  expect(order).toEqual([3, 4]);
});
