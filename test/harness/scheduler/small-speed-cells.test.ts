/** Of which two live at a time, and one is timed. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { goodOutcome, jobOf, speedCell } from '../cells.js';
import { type Fake, names, run, settle, speed, training } from './fake-children.js';

describe('small speed cells', () => {
  /** Of which two surely fit beside each other. */
  const small = { predict: () => 1e8 };
  const [a, b, c] = [speed('a'), speed('b'), speed('c')];

  test('load side by side, are timed one by one, and the next load while they count', async () => {
    const { running, left } = run([a, b, c, training('t')], small);
    expect(names(running)).toEqual(['a', 'b']);
    const [first, second] = running as [Fake, Fake];
    second.ask('timed');
    expect(second.held).toBe(true);
    first.ask('timed');
    expect([first.held, second.held]).toEqual([false, true]);
    first.ask('untimed');
    expect([first.held, second.held]).toEqual([true, false]);
    second.ask('untimed');
    expect([first.held, second.held]).toEqual([false, false]);
    first.finish();
    await settle();
    expect(names(running)).toEqual(['b', 'c']);
    for (const child of [...running]) child.finish();
    await settle();
    expect(names(running)).toEqual(['t']);
    running[0]!.finish();
    expect(await left).toEqual([]);
  });

  test('have nothing beside them while they are timed, whatever comes when', async () => {
    const move = fc.record({ who: fc.nat(1), ends: fc.integer({ min: 0, max: 9 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(move, { maxLength: 60 }), async (moves) => {
        const { running, left, kept } = run([a, b, c, speed('d'), speed('e')], small);
        for (const { who, ends } of [...moves, ...Array.from({ length: 40 }, () => ({ who: 0, ends: 1 }))]) {
          const working = running.filter(({ held }) => !held);
          expect(running.length).toBeLessThanOrEqual(2);
          if (working.some(({ part }) => part === 'timed')) expect(working).toHaveLength(1);
          const able = ends === 0 ? running : working; // Also a child that waits may die.
          const child = able[who % Math.max(1, able.length)];
          if (child === undefined) break;
          if (ends === 0) child.finish({ signal: 'SIGSEGV' });
          else if (child.part === 'untimed') child.finish();
          else child.ask(child.part === 'timed' ? 'untimed' : 'timed');
          await settle();
        }
        expect(await left).toEqual([]);
        expect(kept).toHaveLength(5);
      }),
    );
  });

  test('run alone where two might not fit, by their limits too', async () => {
    for (const [predicted, beside] of [
      [2.4e8, 2],
      [2.6e8, 1],
      [1e15, 1],
    ] as const) {
      const { running, left } = run([a, b], { predict: () => predicted });
      expect(running).toHaveLength(beside);
      while (running.length > 0) {
        running[0]!.finish();
        await settle();
      }
      expect(await left).toEqual([]);
    }
  });

  test('wait for none that is long, and no long one for them', async () => {
    const long = jobOf({ ...speedCell, samples: 100_000 });
    const { running, left } = run([a, long, b], small);
    for (const job of [a, long, b]) {
      expect(names(running)).toEqual([job.cell.architecture]);
      running[0]!.finish();
      await settle();
    }
    expect(await left).toEqual([]);
  });

  test('go on where the other dies before or while it is timed', async () => {
    const { running, left } = run([a, b, c], small);
    const [first, second] = running as [Fake, Fake];
    first.ask('timed');
    expect(first.held).toBe(true);
    second.finish({ signal: 'SIGSEGV' });
    await settle();
    expect(names(running)).toEqual(['a', 'c']);
    running[1]!.ask('timed');
    expect(running.map(({ held }) => held)).toEqual([false, true]);
    first.finish({ timedOut: true });
    await settle();
    expect(names(running)).toEqual(['c']);
    expect(running[0]!.held).toBe(false);
    running[0]!.finish();
    expect(await left).toEqual([]);
  });

  test('wait until the record of the other is kept', async () => {
    let keepOn: () => void = () => undefined;
    const { running, left } = run([a, b], {
      ...small,
      keep: () => new Promise<void>((resolve) => (keepOn = resolve)),
    });
    const [first, second] = running as [Fake, Fake];
    second.ask('timed');
    first.finish();
    await settle();
    expect(second.held).toBe(true);
    keepOn();
    await settle();
    expect(second.held).toBe(false);
    second.finish();
    await settle();
    keepOn();
    expect(await left).toEqual([]);
  });

  test('are stopped when what ran meanwhile answers them, unless they are timed already', async () => {
    let known = false;
    const { running, left, kept, events } = run([a, b], {
      ...small,
      answered: ({ id }) => known && id === b.id,
    });
    known = true;
    const [first, second] = running as [Fake, Fake];
    second.ask('timed');
    first.finish({ timedOut: true });
    await settle();
    expect(second.killed).toBe(true);
    expect(await left).toEqual([]);
    expect(kept.map(({ job }) => job)).toEqual([a]);
    expect(events.at(-1)).toEqual({ kind: 'dropped', job: b });

    known = false;
    const again = run([a, b], { ...small, answered: ({ id }) => known && id === b.id });
    known = true;
    const [one, two] = again.running as [Fake, Fake];
    two.ask('timed');
    one.ask('timed');
    one.ask('untimed');
    one.finish({ timedOut: true });
    await settle();
    expect(two.killed).toBe(false);
    two.finish();
    expect(await again.left).toEqual([]);
    expect(again.kept).toHaveLength(2);
  });

  test('that wait are killed by the signal, and nothing of them is recorded', async () => {
    const stop = new AbortController();
    const { running, left, kept } = run([a, b], { ...small, signal: stop.signal });
    running[1]!.ask('timed');
    stop.abort();
    expect(await left).toEqual([a, b]);
    expect(kept).toEqual([]);
  });

  test('are said to have taken the time that was their own', async () => {
    const { running, left, events } = run([a], small);
    running[0]!.finish({ outcome: goodOutcome, seconds: 1.5 });
    await left;
    expect(events.at(-1)).toMatchObject({ kind: 'ended', seconds: 1.5 });
  });
});
