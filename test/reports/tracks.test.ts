import { describe, expect, it } from 'vitest';
import type { Cell } from '../../harness/cell.js';
import type { RunRecord } from '../../harness/record.js';
import { presets } from '../../reports/paper/presets.js';
import { table4 } from '../../reports/paper/table-4.js';
import { table6 } from '../../reports/paper/table-6.js';
import { accuracySettings } from '../../reports/summary/accuracy-settings.js';
import { summariesSettings } from '../../reports/summary/summaries-settings.js';
import { accuracyRecord, recordOf } from '../support/records.js';

const request = {
  preset: 'paper' as const,
  backend: 'wasm',
  architectures: ['transformer', 'fastformer', 'none'].map((name) => ({ name, options: {} })),
  datasets: ['amazon-electronics', 'imdb', 'mind-topics', 'brown'].map((name) => ({ name, options: {} })),
  seeds: [1],
};
const lengths = (track: 'equal' | 'paper', dataset: string) =>
  table4
    .cells({ ...request, track })
    .flatMap((cell) =>
      cell.kind === 'encoder' && cell.dataset.name === dataset ? [cell.encoder.length] : [],
    );

describe('the tracks of table 4', () => {
  it('read alike on the equal one', () => {
    for (const dataset of ['imdb', 'mind-topics', 'brown'])
      expect(lengths('equal', dataset)).toEqual([512, 512, 512]);
  });

  it('give the Transformer 512 tokens and the others what the paper gives them', () => {
    expect(lengths('paper', 'amazon-electronics')).toEqual([512, 512, 512]);
    expect(lengths('paper', 'imdb')).toEqual([512, 1024, 1024]);
    expect(lengths('paper', 'mind-topics')).toEqual([512, 2048, 2048]);
  });

  it('are one on data that the paper does not have', () => {
    expect(lengths('paper', 'brown')).toEqual([512, 512, 512]);
  });
});

describe('the tracks of table 6', () => {
  const sourceLengths = (track: 'equal' | 'paper', dataset: string) =>
    table6
      .cells({ ...request, track, summaries: [{ name: dataset, options: {} }] })
      .flatMap((cell) => (cell.kind === 'summarizer' ? [cell.summarizer.sourceLength] : []));

  it('read alike on the equal one, and on data that the paper does not have', () => {
    expect(sourceLengths('equal', 'pubmed')).toEqual([4_096, 4_096, 4_096]);
    expect(new Set(sourceLengths('paper', 'mail-subjects')).size).toBe(1);
  });

  it('give the Transformer 512 subwords of a document and the others what the paper gives them', () => {
    expect(sourceLengths('paper', 'cnn-dailymail')).toEqual([512, 2_048, 2_048]);
    expect(sourceLengths('paper', 'pubmed')).toEqual([512, 4_096, 4_096]);
  });

  const cells = (['equal', 'paper'] as const).flatMap((track) =>
    table6.cells({ ...request, track, summaries: [{ name: 'pubmed', options: {} }] }),
  );
  const settings = (of: readonly Cell[]) =>
    summariesSettings(
      table6,
      of.map((cell) => recordOf(cell)),
    ).map(({ rows, transformerLength, title }) => ({
      names: rows.filter(({ kind }) => kind === 'summarizer').map(({ architecture }) => architecture),
      transformerLength,
      title,
    }));

  it('stand apart in one folder: the others beside a Transformer of their length, and beside one of 512', () => {
    const names = ['transformer', 'fastformer', 'none'];
    expect(settings(cells)).toEqual([
      { names, transformerLength: null, title: 'PubMed' },
      { names, transformerLength: 512, title: 'PubMed, each at the paper’s length' },
    ]);
  });

  it('join where only the paper’s ran', () => {
    const long = (cell: Cell) =>
      cell.kind === 'summarizer' &&
      cell.architecture === 'transformer' &&
      cell.summarizer.sourceLength === 4_096;
    const alone = settings(cells.filter((cell) => !long(cell)));
    expect(alone.map(({ transformerLength }) => transformerLength)).toEqual([512]);
  });
});

const { encoder, examples } = presets.quick.accuracy;
const onImdb = (architecture: string, length: number): RunRecord =>
  accuracyRecord(
    { architecture, dataset: { name: 'imdb', options: {}, ...examples }, encoder: { ...encoder, length } },
    0.5,
  );
const settingsOf = (...records: RunRecord[]) =>
  accuracySettings(table4, records).map(({ rows, transformerLength, title }) => ({
    names: rows.map(({ architecture }) => architecture),
    transformerLength,
    title,
  }));

describe('records of the tracks', () => {
  it('join where the Transformer’s length is the paper’s share of the others’, and the title says so', () => {
    const [setting, ...others] = settingsOf(onImdb('transformer', 256), onImdb('fastformer', 512));
    expect(others).toEqual([]);
    expect(setting).toMatchObject({ names: ['transformer', 'fastformer'], transformerLength: 256 });
    expect(setting!.title).toContain('each at the paper’s length');
  });

  it('keep both tracks apart in one folder; the Transformer’s record stands in both', () => {
    const all = [onImdb('transformer', 256), onImdb('fastformer', 256), onImdb('fastformer', 512)];
    expect(settingsOf(...all).map(({ names, transformerLength }) => [names, transformerLength])).toEqual(
      expect.arrayContaining([
        [['transformer', 'fastformer'], null],
        [['transformer', 'fastformer'], 256],
      ]),
    );
  });

  it('do not join at any other share', () => {
    expect(settingsOf(onImdb('transformer', 128), onImdb('fastformer', 512))).toHaveLength(2);
  });
});
