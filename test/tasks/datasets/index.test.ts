import { describe, expect, it } from 'vitest';
import { datasets, findDataset } from '../../../tasks/datasets/index.js';

describe('the catalogue of datasets', () => {
  it('has each name once', () => {
    expect(datasets.map((dataset) => dataset.name)).toEqual([
      'amazon-electronics',
      'jmars',
      'jmars-hedwig',
      'imdb',
      'imdb-binary',
      'mind-topics-large',
      'mind-topics',
      'listops',
      'spam-assassin',
      'brown',
    ]);
  });

  it('has a column of the paper for what is not a stand-in, and none for what is, nor for ListOps', () => {
    for (const { name, standIn, paperColumn } of datasets)
      expect(paperColumn === null).toBe(standIn || name === 'listops');
  });

  it('has something for each column of the paper, what the paper used first', () => {
    const first = (column: string) => datasets.find(({ paperColumn }) => paperColumn?.name === column)?.name;
    expect(['Amazon', 'IMDB', 'MIND'].map(first)).toEqual([
      'amazon-electronics',
      'jmars',
      'mind-topics-large',
    ]);
  });

  it('finds a user’s own data by the name that its file gave it', () => {
    expect(findDataset('own-reviews')).toMatchObject({ name: 'own-reviews', title: 'reviews' });
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
      'There is no dataset "imbd". Did you mean "imdb"? Datasets: amazon-electronics, jmars,',
    );
    expect(() => findDataset('SpamAssassin')).toThrow(/Did you mean "spam-assassin"/);
  });

  it('suggests nothing for a name that is like none', () => {
    expect(() => findDataset('electronics')).toThrow('There is no dataset "electronics". Datasets: amazon');
  });
});
