/** A grid of settings, as a user runs it. */
import { expect, it } from 'vitest';
import { temporaryFolder } from '../tasks/datasets/archives.js';
import { formerbench } from './formerbench.js';

interface Result {
  readonly cells: object;
  readonly combinations: readonly {
    readonly settings: object;
    readonly scores: { readonly accuracy: { readonly n: number; readonly toFirst: object | null } };
    readonly records: readonly string[];
  }[];
}

const small = ['--preset', 'smoke', '--seeds', '2', '--dataset', 'spam-assassin', '--backend', 'wasm'];

it('compares every combination with the first over paired seeds, and measures nothing twice', async () => {
  const out = temporaryFolder();
  const grid = ['--grid', 'interaction=product,add', '--grid', 'training.maxEpochs=6', '--out', out];
  const first = await formerbench('ablate', 'fastformer', ...grid, ...small, '--json');
  expect(first.stderr).toContain('2 combinations of fastformer');
  expect(first.code).toBe(0);
  const { cells, combinations } = JSON.parse(first.stdout) as Result;
  expect(cells).toMatchObject({ planned: 4, ran: 4, left: 0 });
  expect(combinations.map(({ settings }) => settings)).toEqual([
    { interaction: 'product', 'training.maxEpochs': '6' },
    { interaction: 'add', 'training.maxEpochs': '6' },
  ]);
  expect(combinations[0]?.scores.accuracy).toMatchObject({ n: 2, toFirst: null });
  expect(combinations[1]?.scores.accuracy).toMatchObject({ n: 2, toFirst: { pairs: 2 } });

  const again = await formerbench('ablate', 'fastformer', ...grid, ...small);
  expect(again.stderr).toContain('4 cells, 4 of them recorded already');
  expect(again.stdout).toMatch(/^interaction=add, training.maxEpochs=6 +2 /m);
});

it.each([
  [['fastfromer', '--grid', 'interaction=product,add'], "did you mean 'fastformer'"],
  [['fastformer', '--grid', 'interaction=product,sum'], 'interaction'],
  [['fastformer', '--grid', 'interaction=product'], 'nothing to compare with'],
  [['fastformer', '--grid', 'encoder.heads=4,5'], '5 heads do not divide'],
  [['fastformer'], '--grid'],
])('refuses a slip before anything runs: %j', async (args, message) => {
  const out = temporaryFolder();
  const { code, stdout, stderr } = await formerbench('ablate', ...args, ...small, '--out', `${out}/new`);
  expect(stderr).toContain(message);
  expect([code, stdout]).toEqual([2, '']);
});
