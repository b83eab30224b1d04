import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compare, notesFor } from '../../bench/peers/comparison.js';
import { type Contest, contests } from '../../bench/peers/contests.js';
import { type Measurement, readMeasurements, writeResult } from '../../bench/peers/measurement.js';
import { ourId, ourJob } from '../../bench/peers/our-cell.js';
import { findPyTorch, peerArguments, peerId } from '../../bench/peers/pytorch-cell.js';
import { type Meeting, schedule } from '../../bench/peers/schedule.js';
import { tableOf } from '../../bench/peers/table.js';

const contestOf = (name: string): Contest => contests.find((one) => one.name === name)!;
const fastformer = contestOf('fastformer');
const transformer = contestOf('transformer');

const sweep = {
  contests,
  modes: ['inference', 'training'],
  lengths: [128, 512],
  rounds: 2,
  seed: 1,
  tokens: 1_024,
  batch: null,
} as const;

const sizes = {
  ...{ hidden: 32, heads: 4, layers: 1, feedForward: 64, vocabulary: 100, classes: 5 },
  ...{ warmup: 2, warmupLimit: 4, samples: 3, threads: 1 },
};
const setup = { sizes, backend: 'wasm', options: {} };
const torch = { python: 'python', version: '2.0' };

const measured = (given: Partial<Measurement>): Measurement => ({
  id: 'id',
  side: 'ours',
  name: 'fastformer',
  mode: 'training',
  length: 128,
  batch: 8,
  round: 1,
  samples: [1],
  warmUpSteps: 2,
  parameters: 10,
  peakResidentBytes: 1e9,
  baselineResidentBytes: 1e8,
  failure: null,
  startedAt: '2026-01-01T00:00:00.000Z',
  ...given,
});

/** Both sides in as many rounds as there are pairs of seconds. */
const rounds = (...pairs: readonly (readonly [ours: number, theirs: number])[]): Measurement[] =>
  pairs.flatMap(([ours, theirs], index) => [
    measured({ round: index + 1, samples: [ours] }),
    measured({ round: index + 1, samples: [theirs], side: 'pytorch' }),
  ]);

describe('the schedule', () => {
  const meetings = schedule(sweep);
  const describeMeeting = ({ contest, mode, length }: Meeting) => `${contest.name} ${mode} ${length}`;

  it('has every contest, mode and length once in each round, rounds outermost', () => {
    expect(meetings).toHaveLength(2 * 5 * 2 * 2);
    expect(meetings.map(({ round }) => round)).toEqual(
      Array.from({ length: 40 }, (_, i) => (i < 20 ? 1 : 2)),
    );
    for (const round of [1, 2]) {
      const names = meetings.filter((one) => one.round === round).map(describeMeeting);
      expect(new Set(names).size).toBe(20);
    }
  });

  it('is the same for the same seed, and in another order in another round', () => {
    expect(schedule(sweep)).toEqual(meetings);
    const [first, second] = [meetings.slice(0, 20), meetings.slice(20)].map((one) =>
      one.map(describeMeeting),
    );
    expect(first).not.toEqual(second);
    expect(first!.toSorted()).toEqual(second!.toSorted());
  });

  it('lets each side begin now and then', () => {
    const starters = new Set(meetings.map(({ runners }) => runners[0]?.side));
    expect(starters).toEqual(new Set(['ours', 'pytorch']));
  });

  it('runs ours once beside all rivals of a contest', () => {
    for (const { contest, runners } of meetings) {
      expect(runners.filter(({ side }) => side === 'ours')).toHaveLength(1);
      expect(runners).toHaveLength(1 + contest.rivals.length);
    }
  });

  it('gives every length the same tokens, or the batch that was asked for', () => {
    for (const { length, batch } of meetings) expect(length * batch).toBe(1_024);
    expect(schedule({ ...sweep, batch: 3 }).every(({ batch }) => batch === 3)).toBe(true);
    expect(schedule({ ...sweep, lengths: [4_096] })[0]?.batch).toBe(1);
  });
});

describe('the two sides of a meeting', () => {
  const [meeting] = schedule({ ...sweep, contests: [fastformer] }) as [Meeting];

  it('have the same sizes', () => {
    const flags = peerArguments(fastformer.rivals[0]!, meeting, sizes).join(' ');
    const { cell } = ourJob(meeting, setup);
    expect(cell).toMatchObject({
      mode: meeting.mode,
      batch: meeting.batch,
      options: { outputProjection: false },
    });
    expect(cell).toMatchObject({ encoder: { hidden: 32, feedForward: 64, pooling: 'linear', dropout: 0 } });
    expect(flags).toContain(
      `--mode ${meeting.mode} --length ${meeting.length} --batch ${meeting.batch} --hidden 32`,
    );
    expect(flags).toContain('--feed-forward 64 --vocabulary 100 --classes 5');
    expect(flags).toContain('--warmup 2 --warmup-limit 4 --samples 3');
  });

  it('have ids that change with what makes their numbers', () => {
    const arguments_ = peerArguments(fastformer.rivals[0]!, meeting, sizes);
    expect(peerId(arguments_, torch)).toBe(peerId([...arguments_], { ...torch, python: 'elsewhere' }));
    expect(peerId(arguments_, torch)).not.toBe(peerId(arguments_, { ...torch, version: '2.1' }));
    expect(peerId(arguments_, torch)).not.toBe(peerId([...arguments_, '--more'], torch));
    const idWith = (given: object) =>
      ourId(ourJob(meeting, setup), { ...setup, sizes: { ...sizes, ...given } });
    expect(idWith({})).toBe(idWith({}));
    expect(idWith({ threads: 2 })).not.toBe(idWith({}));
  });

  it('take options of ours, and refuse those that do not exist', () => {
    const [other] = schedule({ ...sweep, contests: [transformer] }) as [Meeting];
    const given = (option: object) => ({ ...setup, options: { transformer: { ...option } } });
    expect(ourJob(other, given({ attention: 'textbook' })).cell).toMatchObject({
      options: { attention: 'textbook' },
    });
    expect(() => ourJob(other, given({ atention: 'textbook' }))).toThrow(/attention/);
  });

  it('are all models that our architectures can be', () => {
    for (const each of schedule({ ...sweep, lengths: [128], rounds: 1 }))
      expect(ourJob(each, setup).cell.architecture).toBe(each.contest.name);
  });
});

describe('a comparison', () => {
  const only = (measurements: readonly Measurement[]) => compare([fastformer], measurements)[0]!;

  it('is a ratio by rounds: a drift of the machine cancels', () => {
    const { seconds } = only(rounds([0.5, 1], [1, 2], [4, 8]));
    expect(seconds).toMatchObject({ ours: 1, theirs: 2, bound: 0.85, verdict: 'met' });
    expect(seconds?.ratio).toBeCloseTo(0.5, 12);
    expect(seconds?.interval?.[0]).toBeCloseTo(0.5, 12);
    expect(seconds?.interval?.[1]).toBeCloseTo(0.5, 12);
  });

  it('is sure only where the whole interval is on one side of the bound', () => {
    expect(only(rounds([0.8, 1], [0.82, 1], [0.81, 1])).seconds?.verdict).toBe('met');
    expect(only(rounds([0.6, 1], [0.9, 1], [0.7, 1])).seconds?.verdict).toBe('met?');
    expect(only(rounds([1.4, 1], [0.7, 1], [0.8, 1])).seconds?.verdict).toBe('missed?');
    expect(only(rounds([1.1, 1], [1.11, 1], [1.12, 1])).seconds?.verdict).toBe('missed');
  });

  it('is never sure after one round', () => {
    const { seconds, rounds: count } = only(rounds([0.1, 1]));
    expect(count).toBe(1);
    expect(seconds).toMatchObject({ interval: null, verdict: 'met?' });
    expect(seconds?.ratio).toBeCloseTo(0.1, 12);
  });

  it('has the bound of its mode', () => {
    const inference = rounds([0.82, 1], [0.82, 1]).map((one): Measurement => ({ ...one, mode: 'inference' }));
    expect(only(inference).seconds).toMatchObject({ bound: 0.8, verdict: 'missed' });
    expect(only(rounds([0.82, 1], [0.82, 1])).seconds).toMatchObject({ bound: 0.85, verdict: 'met' });
  });

  it('holds memory to its own bound', () => {
    const [ours, theirs] = rounds([1, 1]) as [Measurement, Measurement];
    const { memory } = only([{ ...ours, peakResidentBytes: 1.01e9 }, theirs]);
    expect(memory).toMatchObject({ ours: 1.01e9, theirs: 1e9, bound: 1, verdict: 'missed?' });
  });

  it('holds the Transformer to the textbook attention and to the fused one', () => {
    const ours = measured({ name: 'transformer' });
    const of = (mixer: string, seconds: number) =>
      measured({ side: 'pytorch', name: mixer, samples: [seconds] });
    const [textbook, fused] = compare([transformer], [ours, of('textbook', 2), of('fused', 0.9)]);
    expect(textbook).toMatchObject({
      beside: 'textbook',
      seconds: { ratio: 0.5, bound: 0.7, verdict: 'met?' },
    });
    expect(fused).toMatchObject({ beside: 'fused', seconds: { bound: 1.05, verdict: 'missed?' } });
  });

  it('says what failed, and gives no number for it', () => {
    const failure = { kind: 'out of memory', message: '' };
    const [ours, theirs] = rounds([1, 1]) as [Measurement, Measurement];
    const row = only([ours, { ...theirs, samples: [], peakResidentBytes: null, failure }]);
    expect(row).toMatchObject({ seconds: null, memory: null, notes: ['PyTorch: out of memory'] });
  });

  it('says when the two are not the same model', () => {
    const [ours, theirs] = rounds([1, 1]) as [Measurement, Measurement];
    expect(only([ours, { ...theirs, parameters: 11 }]).notes).toEqual(['parameters differ: 10 and 11']);
  });

  it('keeps lengths, modes and batches apart, the shortest first', () => {
    const both = rounds([1, 1]);
    const at = (length: number, batch: number) => both.map((one) => ({ ...one, length, batch }));
    const rows = compare([fastformer], [...at(512, 2), ...at(128, 8), ...at(128, 1)]);
    expect(rows.map(({ length, batch }) => [length, batch])).toEqual([
      [128, 1],
      [128, 8],
      [512, 2],
    ]);
  });
});

describe('the table', () => {
  it('shows both sides, the ratio, its interval, the bound and the verdict', () => {
    const [header = '', row = ''] = tableOf(compare([fastformer], rounds([0.5, 1], [1, 2])));
    expect(header).toMatch(/^architecture +beside PyTorch +mode +length/);
    expect(row).toMatch(
      /^fastformer +same equations +training +128 +8 +2 +750 ms +1.50 s +0.50 +0.50 – 0.50 +0.85 +met/,
    );
    expect(row).toMatch(/1.00 GB +1.00 GB +1.00 +1.00 – 1.00 +1.00 +met$/);
  });

  it('shows a dash for what could not be measured', () => {
    const failure = { kind: 'timeout', message: '' };
    const [, row = ''] = tableOf(
      compare([fastformer], [measured({ samples: [], peakResidentBytes: null, failure })]),
    );
    expect(row).toMatch(/— +— .*ours: timeout$/);
  });

  it('has notes of the contests that were asked for only', () => {
    expect(notesFor([fastformer]).join('\n')).not.toContain('longformer');
    expect(notesFor(contests).join('\n')).toContain('longformer: the sliding window alone');
  });
});

describe('the file of measurements', () => {
  const folder = mkdtempSync(join(tmpdir(), 'peers-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('is read back as it was written, and leaves nothing beside it', async () => {
    const file = join(folder, 'peers.json');
    const measurements = rounds([1, 2]);
    expect(await readMeasurements(file)).toEqual([]);
    await writeResult(file, { notes: [], measurements });
    expect(await readMeasurements(file)).toEqual(measurements);
    expect(readdirSync(folder)).toEqual(['peers.json']);
  });

  it('is refused when it is another file', async () => {
    const file = join(folder, 'other.json');
    writeFileSync(file, '{"cells": []}');
    await expect(readMeasurements(file)).rejects.toThrow(/measurements/);
  });
});

it('says how to make an environment where there is none', async () => {
  await expect(findPyTorch('/nowhere/python')).rejects.toThrow(/python3 -m venv/);
});
