import { describe, expect, test } from 'vitest';
import { names, run, settle, speed, training } from './fake-children.js';

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
