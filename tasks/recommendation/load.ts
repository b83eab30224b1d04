/** From the files of MIND to numbered news and impressions: read, count what is wrong, split, sample, tokenize. */
import { hashPaths } from '../datasets/checksum.js';
import { DataError } from '../datasets/contract.js';
import { DatasetMissing } from '../datasets/missing.js';
import {
  findMind,
  type MindEdition,
  type MindPart,
  type MindSource,
  readMindLines,
} from '../datasets/mind.js';
import { findWordVectors, type WordVectorsChoice } from '../text/find-word-vectors.js';
import { buildInitialTable, type InitialTable } from '../text/initial-table.js';
import type { TokenizerName } from '../text/tokenize.js';
import { tokenizers } from '../text/tokenizers.js';
import { buildVocabulary, createWordTable, paddingId, type Vocabulary } from '../text/vocabulary.js';
import { openWordVectors } from '../text/word-vector-file.js';
import type { NewsData, RecommendationData } from './data.js';
import { type Impression, readImpressions } from './mind/behaviors.js';
import { addNews, createNewsTable, type NewsTable } from './mind/news.js';
import { createProblemCounter, type ProblemCounter } from './mind/problems.js';
import { type NewsVectorsChoice, readNewsVectors } from './news-vectors.js';
import { type Counts, splitImpressions } from './split.js';

export interface RecommendationRequest {
  readonly edition: MindEdition;
  /** Data folders, before them files that the user named. */
  readonly folders: readonly string[];
  readonly counts: Counts;
  /** Most frequent words kept, beside padding and unknown. */
  readonly vocabulary: number;
  /** Tokens kept of a title. */
  readonly titleLength: number;
  readonly tokenizer?: TokenizerName | undefined;
  /** Of the word table: their numbers a word, and the seed of the words that have none. */
  readonly wordVectors?:
    | (WordVectorsChoice & { readonly dimensions: number; readonly seed: number })
    | undefined;
  readonly newsVectors?: NewsVectorsChoice | undefined;
}

/**
 * @throws DatasetMissing when the edition is not found
 * @throws DataError when it is damaged, or too small to learn from
 */
export async function loadRecommendation(request: RecommendationRequest): Promise<RecommendationData> {
  const source = findSource(request);
  const problems = createProblemCounter();
  const table = await readNews(source, problems);
  const train = await readPart(source, 'train', table, problems);
  const dev = source.parts.some(({ part }) => part === 'dev')
    ? await readPart(source, 'dev', table, problems)
    : null;
  const { rule, ...splits } = splitImpressions(train, dev, request.counts);
  if (splits.train.length === 0 || splits.validation.length === 0 || splits.test.length === 0)
    throw new DataError(
      `${request.edition.title} is too small to learn from: ${splits.train.length} training, ${splits.validation.length} validation and ${splits.test.length} test impressions`,
    );
  const { vocabulary, titles } = numberTitles(table, request);
  return {
    ...splits,
    news: { ...(await describeNews(table, request)), titles },
    vocabulary,
    initialTable: await startingTable(vocabulary, request),
    label: source.label,
    sha256: await hashPaths(source.parts.map(({ path }) => path)),
    splitRule: rule,
    problems: problems.counts,
  };
}

/**
 * The hidden test part, in its order, every candidate kept; with the news that its rows are of.
 * @param news - as `loadRecommendation` numbered them
 */
export async function loadHidden(
  request: Pick<RecommendationRequest, 'edition' | 'folders'>,
  news: NewsData,
): Promise<Impression[]> {
  const source = findSource(request);
  const table: NewsTable = {
    ...createNewsTable(),
    rowOf: new Map(news.ids.map((id, row) => [id, row])),
  };
  return readPart(source, 'test', table, createProblemCounter());
}

/** The same for who needs no news: candidates are counted only. */
export async function loadHiddenAlone(
  request: Pick<RecommendationRequest, 'edition' | 'folders'>,
): Promise<Impression[]> {
  return readPart(findSource(request), 'test', createNewsTable(), createProblemCounter());
}

function findSource({ edition, folders }: Pick<RecommendationRequest, 'edition' | 'folders'>): MindSource {
  const source = findMind(folders, edition);
  if (source !== null) return source;
  const looked = folders.length === 0 ? 'there is no data folder' : `looked in ${folders.join(', ')}`;
  throw new DatasetMissing(
    `${edition.title} is not on this machine (${looked}). Get it from ${edition.origins[0]?.url ?? 'its origin'}, put it into the folder mind of your data folder and give that with --data.`,
  );
}

async function readNews(source: MindSource, problems: ProblemCounter): Promise<NewsTable> {
  const table = createNewsTable();
  for (const { path } of source.parts) await addNews(table, readMindLines(path, 'news.tsv'), problems);
  return table;
}

async function readPart(
  source: MindSource,
  part: MindPart,
  news: NewsTable,
  problems: ProblemCounter,
): Promise<Impression[]> {
  const found = source.parts.find((each) => each.part === part);
  if (found === undefined) throw new DatasetMissing(`the ${part} part of ${source.label} is not here`);
  return readImpressions(readMindLines(found.path, 'behaviors.tsv'), news, part !== 'test', problems);
}

/** The vocabulary is of all titles: they come without labels, and a recommender knows an article when it is new. */
function numberTitles(
  { titles }: NewsTable,
  { vocabulary: limit, titleLength, tokenizer = 'word-punctuation' }: RecommendationRequest,
): { vocabulary: Vocabulary; titles: Int32Array } {
  const words = createWordTable();
  const tokens = titles.map((title) => words.add(tokenizers[tokenizer](title)));
  const { vocabulary, vocabularyIds } = buildVocabulary(words, tokens, limit);
  const numbered = new Int32Array(titles.length * titleLength).fill(paddingId);
  for (const [row, title] of tokens.entries())
    for (const [at, word] of title.subarray(0, titleLength).entries())
      numbered[row * titleLength + at] = vocabularyIds[word] as number;
  return { vocabulary, titles: numbered };
}

async function describeNews(
  { ids, topics: topicNames }: NewsTable,
  { titleLength, newsVectors, folders }: RecommendationRequest,
): Promise<Omit<NewsData, 'titles'>> {
  const topics = [...new Set(topicNames.slice(1))].sort();
  const indexOf = new Map(topics.map((topic, index) => [topic, index + 1]));
  return {
    ids,
    topics,
    topicOf: Int32Array.from(topicNames, (topic) => indexOf.get(topic) ?? 0),
    titleLength,
    vectors: newsVectors === undefined ? null : await readNewsVectors(newsVectors, folders, ids),
  };
}

async function startingTable(
  vocabulary: Vocabulary,
  { wordVectors, folders }: RecommendationRequest,
): Promise<InitialTable | null> {
  if (wordVectors === undefined) return null;
  const { dimensions, seed } = wordVectors;
  const path = await findWordVectors(wordVectors, folders);
  const known = new Set(vocabulary.words);
  const vectors = openWordVectors(path, dimensions, (word) => known.has(word));
  return buildInitialTable(vocabulary, vectors, dimensions, seed);
}
