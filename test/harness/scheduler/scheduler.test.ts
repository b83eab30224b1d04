import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Job } from '../../../harness/plan.js';
import type { ChildEnd, StartChild } from '../../../harness/scheduler/child.js';
import {
  type JobEnd,
  runJobs,
  type SchedulerEvent,
  type SchedulerOptions,
} from '../../../harness/scheduler/index.js';
import type { Part } from '../../../harness/scheduler/gate.js';
import { goodOutcome, jobOf, quietEnd, speedCell, trainedCell } from '../cells.js';

const deadEnd: ChildEnd = { ...quietEnd, code: null, signal: 'SIGKILL' };

interface Fake {
  readonly architecture: string;
  readonly kind: string;
  readonly finish: (end?: Partial<ChildEnd>) => void;
  readonly ask: (part: Part) => void;
  /** What it does, or waits to do. */
  part: Part | 'before';
  held: boolean;
  killed: boolean;
}

/** Children that ask and end when the test says so. */
function fakeChildren() {
  const running: Fake[] = [];
  const start: StartChild = ({ cell }, _limits, report) => {
    let resolve: (end: ChildEnd) => void = () => undefined;
    const end = new Promise<ChildEnd>((done) => (resolve = done));
    const child: Fake = {
      architecture: cell.architecture,
      kind: cell.kind,
      part: 'before',
      held: false,
      killed: false,
      ask: (part) => {
        child.part = part;
        report({ kind: 'asks', part });
      },
      finish: (change: Partial<ChildEnd> = { outcome: goodOutcome, code: 0, signal: null }) => {
        running.splice(running.indexOf(child), 1);
        resolve({ ...deadEnd, ...change });
      },
    };
    running.push(child);
    return {
      end,
      hold: () => (child.held = true),
      go: () => (child.held = false),
      kill: () => {
        child.killed = true;
        child.finish({});
      },
    };
  };
  return { running, start };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

function run(jobs: readonly Job[], change: Partial<SchedulerOptions> = {}) {
  const children = fakeChildren();
  const kept: JobEnd[] = [];
  const events: SchedulerEvent[] = [];
  const left = runJobs(jobs, {
    workers: 2,
    dataFolders: [],
    plugins: [],
    limits: () => ({ seconds: 10, memoryBytes: 1e9, threads: 1 }),
    signal: new AbortController().signal,
    deadline: null,
    keep: (end) => {
      kept.push(end);
      return Promise.resolve();
    },
    report: (event) => events.push(event),
    start: children.start,
    ...change,
  });
  return { ...children, kept, events, left };
}

const training = (name: string) => jobOf({ ...trainedCell, architecture: name });
const speed = (name: string) => jobOf({ ...speedCell, architecture: name });
const names = (running: readonly { architecture: string }[]) =>
  running.map(({ architecture }) => architecture);

test('training cells run side by side, as many as there are workers, in order', async () => {
  const { running, left } = run([training('a'), training('b'), training('c')]);
  expect(names(running)).toEqual(['a', 'b']);
  running[0]!.finish();
  await settle();
  expect(names(running)).toEqual(['b', 'c']);
  running[0]!.finish();
  running[0]!.finish();
  expect(await left).toEqual([]);
});

test('a speed cell has the machine to itself where its memory is not known', async () => {
  const { running, left } = run([training('a'), speed('s'), speed('t'), training('b')]);
  for (const expected of ['a', 's', 't', 'b']) {
    await settle();
    expect(names(running)).toEqual([expected]);
    running[0]!.finish();
  }
  expect(await left).toEqual([]);
});

test('a cell is reported as ended after its record is kept', async () => {
  const order: string[] = [];
  const { running, left } = run([training('a')], {
    keep: async () => {
      await settle();
      order.push('kept');
    },
    report: ({ kind }) => order.push(kind),
  });
  running[0]!.finish();
  await left;
  expect(order).toEqual(['started', 'kept', 'ended']);
});

test('a dead child is a kept failure, and the others go on', async () => {
  const { running, left, kept } = run([training('a'), training('b')]);
  running[0]!.finish({ signal: 'SIGSEGV' });
  running[0]!.finish();
  expect(await left).toEqual([]);
  expect(kept.map(({ job, outcome }) => [job.cell.architecture, outcome.failure?.kind ?? null])).toEqual([
    ['a', 'crashed'],
    ['b', null],
  ]);
});

test('what an earlier end answered is done without a run', async () => {
  const { running, left, kept } = run([speed('a'), speed('b'), speed('c')], {
    answered: ({ cell }) => cell.architecture === 'b',
  });
  running[0]!.finish();
  await settle();
  expect(names(running)).toEqual(['c']);
  running[0]!.finish();
  expect(await left).toEqual([]);
  expect(kept.map(({ job }) => job.cell.architecture)).toEqual(['a', 'c']);
});

test('a child that passes its memory is put beside what was predicted', async () => {
  const { running, left, kept } = run([speed('a')], { predict: () => 9e9 });
  running[0]!.finish({ overMemory: true, peakResidentBytes: 1.1e9 });
  await left;
  expect(kept[0]?.outcome.failure?.memory).toEqual({
    predictedBytes: 9e9,
    limitBytes: 1e9,
    observedBytes: 1.1e9,
  });
});

describe('stopping', () => {
  test('the signal kills what runs, starts nothing, and records nothing of it', async () => {
    const stop = new AbortController();
    const jobs = [training('a'), training('b'), training('c')];
    const { left, kept } = run(jobs, { signal: stop.signal });
    stop.abort();
    expect(await left).toEqual(jobs);
    expect(kept).toEqual([]);
  });

  test('a signal from before starts nothing', async () => {
    const jobs = [training('a')];
    const { left, events } = run(jobs, { signal: AbortSignal.abort() });
    expect(await left).toEqual(jobs);
    expect(events).toEqual([]);
  });

  test('a result that was there before the signal is kept', async () => {
    const stop = new AbortController();
    const { running, left, kept } = run([training('a')], { signal: stop.signal });
    running[0]!.finish();
    stop.abort();
    expect(await left).toEqual([]);
    expect(kept).toHaveLength(1);
  });

  test('after the deadline nothing starts, and what runs may end', async () => {
    const jobs = [training('a'), training('b')];
    const { running, left, kept } = run(jobs, { workers: 1, deadline: performance.now() + 30 });
    await new Promise((resolve) => setTimeout(resolve, 60));
    running[0]!.finish();
    expect(await left).toEqual([jobs[1]]);
    expect(kept.map(({ job }) => job)).toEqual([jobs[0]]);
  });

  test('a record that cannot be kept stops the run and every child', async () => {
    const { running, left } = run([training('a'), training('b'), training('c')], {
      keep: () => Promise.reject(new Error('no space left')),
    });
    const [, second] = running;
    running[0]!.finish();
    await expect(left).rejects.toThrow('no space left');
    expect(second?.killed).toBe(true);
    expect(running).toEqual([]);
  });
});

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
