/**
 * Vectors of whole articles from a file, in place of a news encoder: the paper's "user encoder only" form, in which
 * UniLM's vectors are given and Fastformer reads the user.
 *
 * The file is as GloVe's: a line an article, its id and its numbers with blanks between, plain or gzip. All lines have as
 * many numbers. They are not trained.
 */
import { DataError } from '../datasets/contract.js';
import { findWordVectors, type WordVectorsChoice } from '../text/find-word-vectors.js';
import { openWordVectors, vectorWidth } from '../text/word-vector-file.js';
import type { NewsData } from './data.js';

/** A file's name and checksum, never a path. */
export type NewsVectorsChoice = WordVectorsChoice;

const advice = 'Expected is a line for each article: its id and its numbers, blanks between.';

/**
 * @param ids - by row; an article without a vector, and row 0, gets zeros
 * @throws DataError when the file is damaged, or holds no vector of any of the news
 */
export async function readNewsVectors(
  choice: NewsVectorsChoice,
  folders: readonly string[],
  ids: readonly string[],
): Promise<NonNullable<NewsData['vectors']>> {
  const path = await findWordVectors(choice, folders);
  const width = await vectorWidth(path);
  const rowOf = new Map(ids.map((id, row) => [id, row]));
  const values = new Float32Array(ids.length * width);
  let found = 0;
  for await (const { word, vector } of openWordVectors(path, width)) {
    const row = rowOf.get(word);
    if (row === undefined) continue;
    values.set(vector, row * width);
    found += 1;
  }
  if (found === 0) throw new DataError(`${choice.name} has no vector of any of the news. ${advice}`);
  return { width, values, found };
}
