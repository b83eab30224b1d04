/** What a record says of a ranking, beside its means: the data, slices by history, each member of an ensemble. */
import { z } from 'zod';

const finite = z.number();
const metrics = z.record(z.string(), finite);
const counts = z.record(z.string(), z.int());

const memberSchema = z.strictObject({
  seed: z.int(),
  metrics,
  bestEpoch: z.int().positive().nullable(),
  curve: z.array(
    z.strictObject({ epoch: z.int().positive(), trainLoss: finite, validationAuc: finite, seconds: finite }),
  ),
});
export type RankingMember = z.infer<typeof memberSchema>;

const dataSchema = z.strictObject({
  label: z.string(),
  /** Of the archives. */
  sha256: z.string(),
  splitRule: z.string(),
  news: z.int(),
  topics: z.int(),
  vocabulary: z.int(),
  /** Words of the vocabulary that a file of word vectors has; null without one. */
  wordVectorsFound: z.int().nullable(),
  /** News that a file of news vectors has; null without one. */
  newsVectorsFound: z.int().nullable(),
  impressions: z.strictObject({ train: z.int(), validation: z.int(), test: z.int() }),
  /** Test impressions of users who clicked nothing before. */
  emptyHistories: z.int(),
  /** Mean clicked news of a test impression, before they are cut. */
  meanHistory: finite,
  /** What was wrong in the files, by kind. */
  problems: counts,
});
export type RankingDataRecord = z.infer<typeof dataSchema>;

export const rankingSchema = z.strictObject({
  data: dataSchema,
  /** 95 %, by drawing test impressions again; null where none were scored. */
  impressionInterval: z.record(z.string(), z.tuple([finite, finite]).readonly()).nullable(),
  slices: z.array(
    z.strictObject({ name: z.string(), impressions: z.int(), metrics: metrics.readonly().nullable() }),
  ),
  /** Empty for a floor. */
  members: z.array(memberSchema),
  /** Test impressions a second, news vectors included; null where none were scored. */
  impressionsPerSecond: finite.nullable(),
});
