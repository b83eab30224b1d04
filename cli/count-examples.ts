/**
 * How many examples there are of what cells read whole, for estimates of time. Counted as far as an estimate would assume
 * without: to read more would delay the start, and what is damaged is for the cells to tell.
 */
import type { Cell } from '../harness/cell.js';
import { assumed, type CountsAtHand, type SplitCounts } from '../harness/estimate.js';
import { DataError } from '../tasks/datasets/contract.js';
import { type MindSource, readMindLines } from '../tasks/datasets/mind.js';
import type { FoundNews } from './dataset-options.js';
import type { ChosenPairs } from './pair-options.js';

export async function countExamples(
  cells: readonly Cell[],
  pairs: readonly ChosenPairs[],
  news: FoundNews | null,
): Promise<CountsAtHand> {
  const counts = new Map<string, SplitCounts>();
  const add = async (name: string, count: () => Promise<SplitCounts | null>) => {
    const isRead = cells.some(
      (cell) => (cell.kind === 'summarizer' || cell.kind === 'recommender') && cell.dataset.name === name,
    );
    const found = isRead ? await unlessDamaged(count) : null;
    if (found !== null) counts.set(name, found);
  };
  for (const chosen of pairs) await add(chosen.dataset.name, () => countPairs(chosen));
  if (news !== null) await add(news.edition.name, () => countImpressions(news.source));
  return counts;
}

async function unlessDamaged<T>(count: () => Promise<T>): Promise<T | null> {
  try {
    return await count();
  } catch (error) {
    if (error instanceof DataError) return null;
    throw error;
  }
}

/** Without parts of their own, a tenth each is held out. Null where there are more than are counted. */
async function countPairs({ dataset, source, options }: ChosenPairs): Promise<SplitCounts | null> {
  const own = { train: 0, validation: 0, test: 0 };
  let whole = 0;
  for await (const { split } of dataset.read(source, options)) {
    if (split === null) whole += 1;
    else own[split] += 1;
    if (whole + own.train + own.validation + own.test > assumed.documents) return null;
  }
  const tenth = Math.round(whole / 10);
  return { train: own.train + whole - 2 * tenth, validation: own.validation + tenth, test: own.test + tenth };
}

/** Of the last week's days about a fifth is the last one's; a tenth of what is left chooses the epoch. */
async function countImpressions({ parts }: MindSource): Promise<SplitCounts | null> {
  const count = async (wanted: string): Promise<number> => {
    const part = parts.find((each) => each.part === wanted);
    if (part === undefined) return 0;
    let lines = 0;
    for await (const line of readMindLines(part.path, 'behaviors.tsv')) {
      if (line !== '') lines += 1;
      if (lines > assumed.impressions) break;
    }
    return lines;
  };
  const [train, dev] = [await count('train'), await count('dev')];
  if (Math.max(train, dev) > assumed.impressions) return null;
  const test = dev > 0 ? dev : train / 5;
  const left = dev > 0 ? train : train - test;
  return { train: 0.9 * left, validation: 0.1 * left, test };
}
