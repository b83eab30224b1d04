import { readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { architectures } from '../../architectures/index.js';
import type { Cell } from '../../harness/cell.js';
import { hashSources, importClosure, packageRoot, sourceRoots } from '../../harness/sources.js';
import { baselines } from '../../tasks/classification/baselines/index.js';
import { floors } from '../../tasks/recommendation/floors/index.js';
import { rankingFloorCell, recommenderCell } from '../../reports/paper/ranking-cells.js';
import { datasets } from '../../tasks/datasets/index.js';
import { baselineCell, speedCell, trainedCell } from './cells.js';
import { temporaryFolder, tree } from './folders.js';

/** A small package: two architectures that share a layer, the runners, two datasets and a catalogue. */
const files = {
  'architectures/index.ts': "export * from './fastformer.js';\nexport * from './transformer.js';",
  'architectures/fastformer.ts':
    "import { dense } from './layers/dense.js';\nexport const fastformer = dense;",
  'architectures/transformer.ts':
    "import { norm } from './layers/norm.js';\nexport const transformer = norm;",
  'architectures/layers/dense.ts': 'export const dense = 1;',
  'architectures/layers/norm.ts': "import {\n  dense,\n} from './dense.js';\nexport const norm = dense;",
  'harness/train.ts':
    "import { adam } from './adam.js';\nimport type { Note } from './note.js';\nexport const train = adam;",
  'harness/adam.ts': 'export const adam = 1;',
  'harness/note.ts': 'export interface Note { text: string }',
  'harness/speed.ts': 'export const speed = 1;',
  'harness/baseline.ts': 'export const baseline = 1;',
  'tasks/classification/baselines/naive-bayes.ts': 'export const naiveBayes = 1;',
  'harness/backends/patches.ts': 'export const patches = 1;',
  'tasks/classification/load.ts': 'export const load = 1;',
  'tasks/datasets/brown.ts': 'export const brown = 1;',
  'tasks/datasets/imdb.ts': 'export const imdb = 1;',
};

const transformerCell = { ...trainedCell, architecture: 'transformer' };
const imdbCell = { ...trainedCell, dataset: { ...trainedCell.dataset, name: 'imdb' } };
const cells: Record<string, Cell> = {
  fastformer: trainedCell,
  transformer: transformerCell,
  imdb: imdbCell,
  speed: speedCell,
  baseline: baselineCell,
};

function hashes(root: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(cells).map(([name, cell]) => [name, hashSources(sourceRoots(cell, new Map(), root))]),
  );
}

/** Names of the cells whose hash changes when a file does. */
function touchedBy(path: string): string[] {
  const root = tree(files);
  const before = hashes(root);
  writeFileSync(join(root, path), `${readFileSync(join(root, path), 'utf8')}\nexport const more = 2;`);
  const after = hashes(root);
  return Object.keys(before).filter((name) => before[name] !== after[name]);
}

describe('a changed source file changes just the cells that depend on it', () => {
  test.each([
    ['architectures/transformer.ts', ['transformer']],
    ['architectures/fastformer.ts', ['fastformer', 'imdb', 'speed']],
    ['architectures/layers/norm.ts', ['transformer']],
    ['architectures/layers/dense.ts', ['fastformer', 'transformer', 'imdb', 'speed']],
    ['harness/train.ts', ['fastformer', 'transformer', 'imdb']],
    ['harness/adam.ts', ['fastformer', 'transformer', 'imdb']],
    ['harness/speed.ts', ['speed']],
    ['harness/baseline.ts', ['baseline']],
    ['harness/backends/patches.ts', ['fastformer', 'transformer', 'imdb', 'speed']],
    ['tasks/classification/load.ts', ['fastformer', 'transformer', 'imdb', 'baseline']],
    ['tasks/datasets/brown.ts', ['fastformer', 'transformer', 'baseline']],
    ['tasks/datasets/imdb.ts', ['imdb']],
    ['tasks/classification/baselines/naive-bayes.ts', ['baseline']],
  ])('%s', (path, touched) => {
    expect(touchedBy(path)).toEqual(touched);
  });

  test('a catalogue changes none', () => {
    expect(touchedBy('architectures/index.ts')).toEqual([]);
  });

  test('a file of which only types are imported changes none', () => {
    expect(touchedBy('harness/note.ts')).toEqual([]);
  });
});

test('paths and times do not count', () => {
  const root = tree(files);
  const before = hashes(root);
  const moved = join(temporaryFolder(), 'elsewhere');
  renameSync(root, moved);
  utimesSync(join(moved, 'architectures/fastformer.ts'), 1, 1);
  expect(hashes(moved)).toEqual(before);
});

test('a plugin is hashed with what it imports, in place of a built-in file', () => {
  const root = tree(files);
  const plugin = tree({
    'mine.ts': "import { helper } from './helper.js';\nexport default helper;",
    'helper.ts': 'export const helper = 1;',
  });
  const cell = { ...trainedCell, architecture: 'mine' };
  const hash = () => hashSources(sourceRoots(cell, new Map([['mine', join(plugin, 'mine.ts')]]), root));
  const before = hash();
  writeFileSync(join(plugin, 'helper.ts'), 'export const helper = 2;');
  expect(hash()).not.toBe(before);
});

test('imports are followed in every form and in circles', () => {
  const root = tree({
    'a.ts':
      "import './b.js';\nexport { c } from './c.js';\nconst d = await import('./d.js');\nexport * from \"./e.js\";",
    'b.ts': "import { a } from './a.js';\nimport packaged from 'packaged';",
    'c.ts': 'export const c = 1;',
    'd.js': 'export const d = 1;',
    'e.ts': "import data from './data.json' with { type: 'json' };\n// import './nowhere.js'",
    'data.json': '{}',
  });
  const names = importClosure([join(root, 'a.ts')]).map((file) => file.slice(root.length + 1));
  expect(names.sort()).toEqual(['a.ts', 'b.ts', 'c.ts', 'd.js', 'data.json', 'e.ts']);
});

test('a missing root is named', () => {
  expect(() => hashSources(['/nowhere/gone.ts'])).toThrow('/nowhere/gone.ts is missing');
});

describe('the real package', () => {
  const news = { name: 'mind-small', options: {} };
  const real: Cell[] = [
    ...architectures.flatMap(({ name }) => [
      { ...trainedCell, architecture: name },
      { ...speedCell, architecture: name },
    ]),
    ...datasets.map(({ name }) => ({ ...trainedCell, dataset: { ...trainedCell.dataset, name } })),
    ...baselines.map(({ name }) => ({ ...baselineCell, architecture: name })),
    ...floors.map(({ name }) => rankingFloorCell(name, news, 1, { preset: 'smoke' })),
    recommenderCell({ name: 'fastformer', options: {} }, news, 1, { preset: 'smoke', backend: 'wasm' }),
  ];

  test('every architecture, dataset and baseline has its own file', () => {
    for (const cell of real) expect(() => importClosure(sourceRoots(cell))).not.toThrow();
  });

  test('no cell depends on a catalogue, so that one architecture more changes no id', () => {
    const catalogues = [
      'architectures/index.ts',
      'tasks/datasets/index.ts',
      'tasks/classification/baselines/index.ts',
      'tasks/recommendation/floors/index.ts',
    ];
    const reached = new Set(real.flatMap((cell) => importClosure(sourceRoots(cell))));
    expect(catalogues.filter((path) => reached.has(join(packageRoot, path)))).toEqual([]);
  });
});
