/** `formerbench speed`: rounds, counts that are exact, clean JSON, and what it refuses. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../harness/folders.js';
import { formerbench, start } from './formerbench.js';

interface Point {
  readonly architecture: string;
  readonly mode: string;
  readonly length: number;
  readonly batch: number;
  readonly options: Readonly<Record<string, unknown>>;
  readonly medianSeconds: number | null;
  readonly interval: readonly [number, number] | null;
  readonly samples: readonly number[];
  readonly rounds: number;
  readonly parameters: number;
  readonly multiplyAdds: number;
  readonly peakTensorBytes: number;
  readonly impossible: boolean;
  readonly failure: { readonly kind: string } | null;
}

const sizes = ['--tokens', '64', '--layers', '1', '--hidden', '16', '--heads', '2', '--feed-forward', '16'];
const small = ['speed', ...sizes, '--lengths', '16,64', '--samples', '3'];

const measure = async (...more: readonly string[]) => {
  const { code, stdout, stderr } = await formerbench(...small, '--json', ...more);
  return { code, stderr, ...(JSON.parse(stdout) as { backend: string; cells: Point[] }) };
};

/** What must not depend on the run, nor on what computes. */
const exact = (cells: readonly Point[]) =>
  cells.map(({ architecture, mode, length, parameters, multiplyAdds, peakTensorBytes }) => ({
    ...{ architecture, mode, length, parameters, multiplyAdds, peakTensorBytes },
  }));

const both = ['--architectures', 'transformer,fastformer'];

test('pools rounds, and runs only what is missing', async () => {
  const out = join(temporaryFolder(), 'results');
  const only = ['--architectures', 'fastformer', '--modes', 'inference', '--backend', 'wasm', '--out', out];
  const first = await measure(...only, '--rounds', '1');
  expect([first.code, first.backend]).toEqual([0, 'wasm']);
  expect(first.cells.map(({ length, batch }) => [length, batch])).toEqual([
    [16, 4],
    [64, 1],
  ]);
  for (const { samples, rounds, interval, medianSeconds, impossible, failure } of first.cells) {
    expect([samples.length, rounds, impossible, failure]).toEqual([3, 1, false, null]);
    expect(interval![0]).toBeLessThanOrEqual(medianSeconds!);
    expect(interval![1]).toBeGreaterThanOrEqual(medianSeconds!);
  }
  const second = await measure(...only, '--rounds', '2');
  expect(second.stderr).toContain('4 cells on wasm, 2 of them recorded already');
  expect(second.cells.map(({ rounds, samples }) => [rounds, samples.length])).toEqual([
    [2, 6],
    [2, 6],
  ]);
  expect(second.cells[0]!.samples).toEqual(expect.arrayContaining([...first.cells[0]!.samples]));
});

test('counts the same in two runs and on two backends', async () => {
  const runs = ['wasm', 'wasm', 'cpu'].map((backend) =>
    measure(...both, '--rounds', '1', '--backend', backend, '--out', temporaryFolder()),
  );
  const [one, again, other] = (await Promise.all(runs)).map(({ cells }) => exact(cells));
  expect(one).toHaveLength(8);
  expect(again).toEqual(one);
  expect(other).toEqual(one);
});

test('a cell that fails is listed with its reason, beside the others, and the exit code says so', async () => {
  const out = temporaryFolder();
  const { code, cells } = await measure(
    ...['--architectures', 'fastformer', '--modes', 'inference', '--rounds', '1', '--backend', 'wasm'],
    ...['--out', out, '--time-limit', '0.1s'],
  );
  expect(code).toBe(3);
  expect(cells.map(({ failure, medianSeconds }) => [failure?.kind, medianSeconds])).toEqual([
    ['timeout', null],
    ['timeout', null],
  ]);
});

describe('a slip is wrong usage, and nothing is written', () => {
  test.each<[string, string[], string]>([
    ['length', ['--lengths', '16,banana'], 'whole number'],
    ['length that does not divide the tokens', ['--lengths', '48'], 'every length has to divide them'],
    ['mode', ['--modes', 'dreaming'], "no mode 'dreaming'"],
    ['heads', ['--heads', '3'], '--heads 3 must divide --hidden 16'],
    ['architecture', ['--architectures', 'fastfromer'], "did you mean 'fastformer'?"],
    ['option without its architecture', ['--option', 'logits=whole'], 'architecture.name=value'],
    ['option', [...both, '--option', 'fastformer.logit=whole'], "did you mean 'logits'?"],
    ['execution', ['--execution', 'graph', '--backend', 'wasm'], 'needs a native backend'],
  ])('%s', async (_what, args, message) => {
    const out = join(temporaryFolder(), 'results');
    const { code, stdout, stderr } = await start([...small, ...args, '--out', out]).ended;
    expect(stderr).toContain(message);
    expect([code, stdout, existsSync(out)]).toEqual([2, '', false]);
  });
});
