/** The catalogue of datasets, in the order of the report: those of the paper, then what stands in for them. */
import { closest, distance } from 'fastest-levenshtein';
import { brown } from './brown.js';
import type { TextDataset } from './contract.js';
import { imdb, imdbBinary } from './imdb.js';
import { spamAssassin } from './spam-assassin.js';

export const datasets: readonly TextDataset[] = [imdb, imdbBinary, spamAssassin, brown];

/** @throws when there is none of that name, with the names that there are */
export function findDataset(name: string): TextDataset {
  const found = datasets.find((dataset) => dataset.name === name);
  if (found !== undefined) return found;
  const names = datasets.map((dataset) => dataset.name);
  const nearest = closest(name.toLowerCase(), names);
  const hint = distance(name.toLowerCase(), nearest) <= 3 ? ` Did you mean ${JSON.stringify(nearest)}?` : '';
  throw new Error(`There is no dataset ${JSON.stringify(name)}.${hint} Datasets: ${names.join(', ')}.`);
}
