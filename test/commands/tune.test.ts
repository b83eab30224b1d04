/** A search, as a user runs it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../tasks/datasets/archives.js';
import { formerbench } from './formerbench.js';

interface Result {
  readonly architectures: readonly {
    readonly architecture: string;
    readonly best: { readonly record: string; readonly validationAccuracy: number } | null;
    readonly command: string | null;
    readonly trials: readonly { readonly learningRate: number; readonly validationAccuracy: number | null }[];
  }[];
}

/** Two classes that one word tells apart, so that the smallest training learns something. */
function wordTable(): string {
  const path = join(temporaryFolder(), 'words.csv');
  const lines = Array.from(
    { length: 500 },
    (_, i) => `${i % 2 === 0 ? 'bad bad bad' : 'good good good'} text ${i},${i % 2}`,
  );
  writeFileSync(path, ['review,label', ...lines].join('\n'));
  return path;
}

const small = () => [
  '--preset',
  'smoke',
  '--backend',
  'wasm',
  '--text-column',
  'review',
  '--dataset',
  wordTable(),
];

it('gives every architecture the same trials, chooses by validation, and its command finds the record', async () => {
  const out = temporaryFolder();
  const { code, stdout, stderr } = await formerbench(
    'tune',
    'fastformer',
    'none',
    '--budget',
    '3',
    ...small(),
    '--out',
    out,
    '--json',
  );
  expect(stderr).toContain('3 trials for each of fastformer, none');
  expect(code).toBe(0);
  const { architectures } = JSON.parse(stdout) as Result;
  const [first, second] = architectures;
  expect(first?.trials.map(({ learningRate }) => learningRate)).toEqual(
    second?.trials.map(({ learningRate }) => learningRate),
  );
  const chosen = architectures.find(({ best }) => best !== null);
  const scores = chosen?.trials.map(({ validationAccuracy }) => validationAccuracy ?? 0) ?? [];
  expect(chosen?.best?.validationAccuracy).toBe(Math.max(...scores));
  // Nothing of the test texts is shown while one chooses.
  expect(stdout + stderr).not.toMatch(/"accuracy"|: accuracy/);

  const again = await formerbench(...(chosen?.command?.split(' ').slice(1) ?? []), '--json');
  expect(JSON.parse(again.stdout)).toMatchObject({ id: chosen?.best?.record });
  expect(again.stderr).not.toContain('[1/1]');
});

it.each([
  [['fastfromer', '--budget', '2'], "did you mean 'fastformer'"],
  [['fastformer', '--budget', '0'], 'at least 1'],
  [['fastformer'], '--budget'],
])('refuses a slip before anything runs: %j', async (args, message) => {
  const { code, stdout, stderr } = await formerbench(
    'tune',
    ...args,
    ...small(),
    '--out',
    `${temporaryFolder()}/new`,
  );
  expect(stderr).toContain(message);
  expect([code, stdout]).toEqual([2, '']);
});

it('promises no command where no trial learned', async () => {
  const out = temporaryFolder();
  const path = join(out, 'noise.csv');
  const lines = Array.from({ length: 300 }, (_, i) => `text ${i},${i % 10 === 0 ? 'rare' : 'common'}`);
  writeFileSync(path, ['text,label', ...lines].join('\n'));
  const where = ['--dataset', path, '--preset', 'smoke', '--backend', 'wasm', '--out', out];
  const { stdout } = await formerbench('tune', 'none', '--budget', '1', ...where);
  expect(stdout).toContain('no trial learned');
  expect(stdout).not.toContain('To see what they say');
});
