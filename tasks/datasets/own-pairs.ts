/** A user's own documents and summaries: a table with a column of each, with parts as further files or split here. */
import { basename } from 'node:path';
import { z } from 'zod';
import { splitSentences } from '../text/sentences.js';
import { DataError } from './contract.js';
import { fileName, findOwn, hexadecimal, openParts, ownName, textOf } from './own.js';
import type { PairDataset } from './pair-contract.js';
import { readRows } from './rows.js';

const options = z.strictObject({
  /** The table. With given splits it is the training part. */
  file: fileName,
  /** Of all its files together. */
  sha256: hexadecimal,
  documentColumn: z.string().min(1).default('document'),
  summaryColumn: z.string().min(1).default('summary'),
  /** Tables of given splits; empty = a seeded share. */
  validationFile: fileName.or(z.literal('')).default(''),
  testFile: fileName.or(z.literal('')).default(''),
});

const prefix = 'own-pairs-';

/** `minutes.csv` is the dataset `own-pairs-minutes`. */
export const ownPairsName = (path: string): string => ownName(path).replace(/^own-/, prefix);

/** The dataset of a name that `ownPairsName` made, or null for other names. */
export function ownPairs(name: string): PairDataset<typeof options> | null {
  if (!/^own-pairs-[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name)) return null;
  return {
    kind: 'pairs',
    name,
    title: name.slice(prefix.length),
    citation: 'a user’s own data',
    licence: 'a user’s own data',
    origins: [],
    folder: null,
    splitRule: '80 / 10 / 10 by a hash of the row, parts that are given as files kept',
    standIn: false,
    paperColumn: null,
    options,
    find: (places, given) => Promise.resolve(given === undefined ? null : findOwn(places, given)),
    read: async function* (source, given) {
      const columns = [given.documentColumn, given.summaryColumn] as const;
      for (const { part, path, split } of await openParts(source, given)) {
        let number = 0;
        for await (const row of readRows(path, columns)) {
          number += 1;
          const [document, summary] = columns.map((column) => textOf(row, column));
          if (document == null || summary == null)
            throw new DataError(
              `${basename(path)} cannot be used: row ${number} has no text in column '${columns[document == null ? 0 : 1]}'`,
            );
          yield {
            id: `${part}/${number}`,
            document: splitSentences(document),
            summary: splitSentences(summary),
            split,
          };
        }
      }
    },
  };
}
