/**
 * Amazon reviews of electronics (McAuley's 5-core of 2014): which of five ratings a product review gave.
 *
 * One JSON object a line, 1.7 million of them; the paper used 50,000 and does not say which. Here equal texts count
 * once, and of the rest a seeded sample is drawn: `natural`, with the ratings' shares of the whole (the paper's accuracy
 * of 66 % beside a macro-F of 43 % fits these), or `balanced`, as many of each rating, no more
 * than there are of the rarest.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { rankOf } from '../rank.js';
import { withoutBreaks } from '../text/clean.js';
import { hasTokens, normalise } from '../text/tokenize.js';
import { DataError, type DatasetSource, type TextDataset, type TextExample } from './contract.js';
import { type LineLimits, readLines } from './lines.js';
import { findNamed } from './places.js';
import { smallestRanks } from './smallest-ranks.js';

const original = 'reviews_Electronics_5.json.gz';
const advice = `Get ${original} again and put it into the data folder.`;
/** Far above the original: 1,689,188 reviews, the longest of some 33 kB. */
const limits: LineLimits = { lineBytes: 1 << 21, lines: 20_000_000, totalBytes: 2 ** 35 };
const ratings = ['1', '2', '3', '4', '5'];

const options = z.strictObject({
  /** Shares of the ratings in the sample: as they are, or equal. */
  sampling: z.enum(['natural', 'balanced']).default('natural'),
  /** Reviews drawn before the split; 50,000 makes the paper's 40,000 / 5,000 / 5,000. */
  sample: z.int().min(100).max(2_000_000).default(50_000),
  /** Of the sample. */
  seed: z.int().min(1).default(1),
});

/** What is read of a line; other fields may be missing. */
const review = z.object({ reviewText: z.string(), overall: z.literal([1, 2, 3, 4, 5]) });

export const amazonElectronics = {
  kind: 'text',
  name: 'amazon-electronics',
  title: 'Amazon Electronics reviews, five ratings',
  citation:
    'McAuley, Targett, Shi and van den Hengel, Image-based Recommendations on Styles and Substitutes, SIGIR 2015',
  licence: 'Reviews belong to their authors; free for research with the citation',
  origins: [{ url: `http://snap.stanford.edu/data/amazon/productGraph/categoryFiles/${original}` }],
  terms: null,
  folder: 'amazon',
  splitRule: '80 / 10 / 10 by rating, of a seeded sample of the distinct texts',
  standIn: false,
  paperColumn: {
    name: 'Amazon',
    notComparable: 'the paper does not say how it drew and split its 50,000 reviews of the 1.7 million',
  },
  options,
  find: (folders) => Promise.resolve(findReviews(folders)),
  read: readAmazon,
} satisfies TextDataset<typeof options>;

/** The original before a part of it, gzip before plain. */
function findReviews(folders: readonly string[]): DatasetSource | null {
  const found = findNamed(folders, 'amazon', [
    /^reviews_Electronics_5\.json\.gz$/,
    /^reviews_Electronics_5\.json$/,
    /^reviews_Electronics_5.*\.json(?:\.gz)?$/,
  ]);
  return found === null ? null : { path: found.path, label: found.name };
}

async function* readAmazon(
  source: DatasetSource,
  { sampling, sample, seed }: z.infer<typeof options>,
): AsyncGenerator<TextExample> {
  const strata = new Map(
    (sampling === 'natural' ? [''] : ratings).map((stratum, _, all) => [
      stratum,
      smallestRanks<TextExample>(Math.floor(sample / all.length)),
    ]),
  );
  const seen = new Set<string>();
  let reviews = 0;
  for await (const example of readReviews(source.path)) {
    reviews += 1;
    const digest = textDigest(example.text);
    if (seen.has(digest) || !hasTokens(example.text)) continue;
    seen.add(digest);
    const stratum = sampling === 'natural' ? '' : example.label;
    strata.get(stratum)?.add(example, rankOf(`amazon/${seed}/${example.id}`));
  }
  if (reviews === 0) throw new DataError(`${source.label} cannot be used: it holds no reviews. ${advice}`);
  const fewest = Math.min(...[...strata.values()].map((each) => each.items().length));
  for (const each of strata.values()) yield* each.items(fewest);
}

/** 64 bits tell two million texts apart, and cost less than to keep these. */
const textDigest = (text: string): string =>
  createHash('sha256').update(normalise(text)).digest('base64').slice(0, 12);

async function* readReviews(path: string): AsyncGenerator<TextExample> {
  let line = 0;
  for await (const text of readLines(path, limits, advice)) {
    line += 1;
    if (text.trim() === '') continue;
    const parsed = review.safeParse(parseJson(text));
    if (!parsed.success)
      throw new DataError(
        `the Amazon reviews cannot be used: line ${line} is no review with reviewText and an overall of 1 to 5. ${advice}`,
      );
    const { reviewText, overall } = parsed.data;
    yield { id: `line/${line}`, text: withoutBreaks(reviewText), label: String(overall), split: null };
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
