import { describe, expect, it } from 'vitest';
import { datasets, findDataset } from '../../../tasks/datasets/index.js';

describe('the catalogue of datasets', () => {
  it('has each name once', () => {
    expect(datasets.map((dataset) => dataset.name)).toEqual([
      'imdb',
      'imdb-binary',
      'spam-assassin',
      'brown',
    ]);
  });

  it('has a column of the paper for what is not a stand-in, and none for what is', () => {
    for (const { standIn, paperColumn } of datasets) expect(paperColumn === null).toBe(standIn);
  });

  it('finds stand-ins without any data folder', async () => {
    for (const dataset of datasets.filter((each) => each.standIn))
      expect(await dataset.find([])).not.toBeNull();
  });

  it('finds a dataset by name', () => {
    for (const dataset of datasets) expect(findDataset(dataset.name)).toBe(dataset);
  });

  it('suggests a name for a misspelt one and lists all', () => {
    expect(() => findDataset('imbd')).toThrow(
      'There is no dataset "imbd". Did you mean "imdb"? Datasets: imdb, imdb-binary, spam-assassin, brown.',
    );
    expect(() => findDataset('SpamAssassin')).toThrow(/Did you mean "spam-assassin"/);
  });

  it('suggests nothing for a name that is like none', () => {
    expect(() => findDataset('electronics')).toThrow('There is no dataset "electronics". Datasets: imdb');
  });
});
