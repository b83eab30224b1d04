/** Children are real processes here: small scripts in place of the worker. */
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  type ChildEvent,
  type Limits,
  type RunningChild,
  startScript,
} from '../../../harness/scheduler/child.js';
import { outcomeOf } from '../../../harness/scheduler/failure.js';
import { goodOutcome, trainedCell } from '../cells.js';
import { tree } from '../folders.js';
import { isRunning } from '../processes.js';

const limits: Limits = { seconds: 30, memoryBytes: 512 * 2 ** 20, threads: 3 };
const request = { cell: trainedCell, dataFolders: ['data'], plugins: [] };
const started: RunningChild[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.kill();
});

function start(script: string, changed: Partial<Limits> = {}, events: ChildEvent[] = []): RunningChild {
  const file = join(tree({ 'child.mjs': script }), 'child.mjs');
  const child = startScript([file], request, { ...limits, ...changed }, (event) => events.push(event));
  started.push(child);
  return child;
}

const endOf = async (script: string, changed: Partial<Limits> = {}) => {
  const end = await start(script, changed).end;
  return { end, failure: outcomeOf(end, { ...limits, ...changed }).failure };
};

test('the request goes in, events and the outcome come out', async () => {
  const events: ChildEvent[] = [];
  const outcome = JSON.stringify(goodOutcome);
  const child = start(
    `process.on('message', (request) => {
      process.send({ kind: 'event', event: { kind: 'phase', text: request.cell.architecture } });
      process.send({ kind: 'outcome', outcome: ${outcome} }, () => process.exit(0));
    });`,
    {},
    events,
  );
  expect((await child.end).outcome).toEqual(goodOutcome);
  expect(events).toEqual([{ kind: 'phase', text: 'fastformer' }]);
});

test('a child is told its share of threads', async () => {
  const { end } = await endOf(`
    const { TF_NUM_INTRAOP_THREADS, OMP_NUM_THREADS } = process.env;
    console.log(TF_NUM_INTRAOP_THREADS, OMP_NUM_THREADS);
    process.exit(0);`);
  expect(end.tail).toBe('3 3');
});

test('the end of what it printed is kept, and no more', async () => {
  const { end, failure } = await endOf(`
    process.stderr.write('x'.repeat(1e6) + '\\nthe last words\\n', () => process.exit(3));`);
  expect(end.tail.length).toBeLessThanOrEqual(4000);
  expect(failure).toEqual({
    kind: 'crashed',
    message: expect.stringMatching(/code 3[^]*the last words$/) as string,
  });
});

test('a child that loops for ever is a timeout', async () => {
  const { failure } = await endOf('for (;;);', { seconds: 0.5 });
  expect(failure?.kind).toBe('timeout');
});

/** Asks to be timed, and ends some milliseconds after it may. */
const asking = (milliseconds: number) => `
  process.once('message', () => {
    process.send({ kind: 'asks', part: 'timed' });
    process.once('message', () => setTimeout(() => process.exit(0), ${milliseconds}));
  });`;

test('the time of a child stands still while it is held', async () => {
  const events: ChildEvent[] = [];
  const child = start(asking(100), { seconds: 1 }, events);
  await vi.waitFor(() => {
    expect(events).toEqual([{ kind: 'asks', part: 'timed' }]);
  }, 10_000);
  child.hold();
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  child.go();
  const end = await child.end;
  expect([end.code, end.timedOut]).toEqual([0, false]);
  expect(end.seconds).toBeGreaterThan(0.1);
  expect(end.seconds).toBeLessThan(1);
});

test('what it had before it was held counts, so that it is late all the same', async () => {
  const events: ChildEvent[] = [];
  const child = start(asking(60_000), { seconds: 1 }, events);
  await vi.waitFor(() => {
    expect(events).toHaveLength(1);
  }, 10_000);
  child.hold();
  child.go();
  const end = await child.end;
  expect(end.timedOut).toBe(true);
  expect(end.seconds).toBeLessThan(1.5);
});

test('a child that is silent is a timeout', async () => {
  const { failure } = await endOf('setInterval(() => {}, 1e6);', { seconds: 0.5 });
  expect(failure?.kind).toBe('timeout');
});

test('what a child started is killed with it', async () => {
  const child = start(
    `
    import { spawn } from 'node:child_process';
    const grandchild = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'inherit' });
    console.log(grandchild.pid);
    setInterval(() => {}, 1e6);`,
    { seconds: 1 },
  );
  const { tail } = await child.end;
  expect(Number(tail)).toBeGreaterThan(0);
  await vi.waitFor(() => {
    expect(isRunning(Number(tail))).toBe(false);
  });
});

test('a child that dies by a signal has crashed', async () => {
  const { failure } = await endOf("process.kill(process.pid, 'SIGSEGV'); setInterval(() => {}, 1e6);");
  expect(failure?.message).toContain('SIGSEGV');
  expect(failure?.kind).toBe('crashed');
});

describe.runIf(process.platform === 'linux')('memory without end is out of memory', () => {
  test.each([
    ['of objects', 'const all = []; for (;;) all.push(new Array(1e5).fill(0).map((x) => ({ x })));'],
    ['of small arrays', 'const all = []; for (;;) all.push(new Float32Array(1e5).fill(1));'],
    ['of large arrays', 'const all = []; for (;;) all.push(new Float32Array(1e7).fill(1));'],
  ])('%s', async (_what, script) => {
    const { failure } = await endOf(script);
    expect(failure?.kind).toBe('out of memory');
    expect(failure?.message).toContain('0.5 GB');
  });
});

describe.runIf(process.platform === 'linux')('the resident set is what is limited', () => {
  test('a child that passes its limit is ended there, and how much it had is known', async () => {
    const grow = `
      const all = [];
      setInterval(() => all.push(Buffer.alloc(16 * 2 ** 20, 1)), 5);`;
    const { end, failure } = await endOf(grow, { memoryBytes: 300 * 2 ** 20 });
    expect(end.overMemory).toBe(true);
    expect(failure?.kind).toBe('out of memory');
    expect(failure?.memory?.limitBytes).toBe(300 * 2 ** 20);
    expect(failure?.memory?.observedBytes).toBeGreaterThan(300 * 2 ** 20);
    expect(failure?.memory?.observedBytes).toBeLessThan(2 ** 30);
  });

  test('what was measured before it ran out of memory is not lost', async () => {
    const { end, failure } = await endOf(
      `
      process.on('message', () => {
        process.send({ kind: 'outcome', outcome: ${JSON.stringify(goodOutcome)} });
        const all = [];
        setInterval(() => all.push(Buffer.alloc(16 * 2 ** 20, 1)), 5);
      });`,
      { memoryBytes: 300 * 2 ** 20 },
    );
    expect(end.overMemory).toBe(true);
    expect(end.outcome).toEqual(goodOutcome);
    expect(failure).toBeNull();
  });

  test('memory that is only reserved does not count', async () => {
    const reserve = `
      const room = new ArrayBuffer(700 * 2 ** 20);
      setTimeout(() => process.exit(room.byteLength > 0 ? 5 : 6), 500);`;
    const { end } = await endOf(reserve);
    expect([end.code, end.overMemory]).toEqual([5, false]);
    expect(end.peakResidentBytes).toBeGreaterThan(2 ** 24);
    expect(end.peakResidentBytes).toBeLessThan(512 * 2 ** 20);
  });
});

test('killed by hand it has crashed, not run out of memory', async () => {
  const child = start('setInterval(() => {}, 1e6);');
  child.kill();
  const end = await child.end;
  expect(end.signal).toBe('SIGKILL');
  expect(outcomeOf(end, limits).failure?.kind).toBe('crashed');
});
