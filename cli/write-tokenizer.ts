/** `run --task summarization --tokenizer-file FILE`: the subwords that the cell's model reads and writes, for others. */
import { writeFile } from 'node:fs/promises';
import type { Cell } from '../harness/cell.js';
import { loadForSummarizer } from '../harness/run-summarization.js';
import { tokenizerFile } from '../tasks/summarization/tokenizer-file.js';
import { UsageError } from './errors.js';

/** The same data gives the same subwords: they are learned again, and are those of the record. */
export async function writeTokenizer(
  path: string,
  cell: Cell,
  dataFolders: readonly string[],
): Promise<void> {
  if (cell.kind !== 'summarizer')
    throw new UsageError(
      '--tokenizer-file is of summarization with an architecture: floors have no subwords',
    );
  const { subwords } = await loadForSummarizer(cell, { dataFolders });
  await writeFile(path, `${JSON.stringify(tokenizerFile(subwords))}\n`);
}
