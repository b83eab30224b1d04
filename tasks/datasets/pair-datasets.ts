/** The catalogue of documents with summaries: the paper's two, then what stands in for them. */
import { DataError } from './contract.js';
import { cnnDailymail } from './cnn-dailymail.js';
import { mailSubjects } from './mail-subjects.js';
import { ownPairs } from './own-pairs.js';
import type { PairDataset } from './pair-contract.js';
import { pubmed } from './pubmed.js';

export const pairDatasets: readonly PairDataset[] = [cnnDailymail, pubmed, mailSubjects];

/** One of the catalogue, or a user's own pairs by their name `own-pairs-...`. @throws DataError when there is none */
export function findPairDataset(name: string): PairDataset {
  const found = pairDatasets.find((dataset) => dataset.name === name) ?? ownPairs(name);
  if (found !== null) return found;
  const names = pairDatasets.map((dataset) => dataset.name).join(', ');
  throw new DataError(`there is no dataset of summaries ${JSON.stringify(name)}; there are ${names}`);
}
