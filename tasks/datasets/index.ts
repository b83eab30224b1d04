/**
 * The catalogue of datasets, in the order of the report: those of the paper, the nearest to what it used first, then
 * what stands in for them.
 */
import { closest, distance } from 'fastest-levenshtein';
import { amazonElectronics } from './amazon-electronics.js';
import { brown } from './brown.js';
import type { TextDataset } from './contract.js';
import { imdb, imdbBinary } from './imdb.js';
import { jmars, jmarsHedwig } from './jmars.js';
import { listops } from './listops.js';
import { mindTopics, mindTopicsLarge } from './mind-topics.js';
import { ownDataset } from './own.js';
import { spamAssassin } from './spam-assassin.js';

export const datasets: readonly TextDataset[] = [
  amazonElectronics,
  jmars,
  jmarsHedwig,
  imdb,
  imdbBinary,
  mindTopicsLarge,
  mindTopics,
  listops,
  spamAssassin,
  brown,
];

/**
 * One of the catalogue, or a user's own file by its name `own-...`.
 * @throws when there is none of that name, with the names that there are
 */
export function findDataset(name: string): TextDataset {
  const found = datasets.find((dataset) => dataset.name === name) ?? ownDataset(name);
  if (found !== null) return found;
  const names = datasets.map((dataset) => dataset.name);
  const nearest = closest(name.toLowerCase(), names);
  const hint = distance(name.toLowerCase(), nearest) <= 3 ? ` Did you mean ${JSON.stringify(nearest)}?` : '';
  throw new Error(`There is no dataset ${JSON.stringify(name)}.${hint} Datasets: ${names.join(', ')}.`);
}
