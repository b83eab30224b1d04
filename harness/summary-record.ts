/** What a record says of summaries, beside their scores: the data, the learning curve, and the first of the texts. */
import { z } from 'zod';

const finite = z.number();

const dataSchema = z.strictObject({
  label: z.string(),
  /** Of the files, or of the pairs where there is no one file. */
  sha256: z.string(),
  standIn: z.boolean(),
  splitRule: z.string(),
  documents: z.strictObject({ train: z.int(), validation: z.int(), test: z.int() }),
  /** Pairs left out: without a document or a summary, or with a document that was there before. */
  empty: z.int(),
  duplicates: z.int(),
  /** Words of a test document and of its summary, on average. */
  meanDocument: finite,
  meanSummary: finite,
});

export const summarySchema = z.strictObject({
  data: dataSchema,
  /** 95 %, by drawing test documents again; null where none were scored. */
  documentInterval: z.record(z.string(), z.tuple([finite, finite]).readonly()).nullable(),
  /** Of a model; null for a floor. */
  training: z
    .strictObject({
      /** Subwords learned, special ones included. */
      vocabulary: z.int(),
      bestEpoch: z.int().positive().nullable(),
      /** `validationLogLikelihood`: mean log P of a subword, natural. */
      curve: z.array(
        z.strictObject({
          epoch: z.int().positive(),
          trainLoss: finite,
          validationLogLikelihood: finite,
          seconds: finite,
        }),
      ),
      /** Of documents and summaries, padding not counted, the validation's time left out. */
      trainedTokensPerSecond: finite.nullable(),
      /** Of the test part; null where it was not decoded. */
      documentsPerSecond: finite.nullable(),
    })
    .nullable(),
  /** The first test documents: what should have been written and what was, a sentence a line. */
  texts: z.array(z.strictObject({ id: z.string(), target: z.string(), prediction: z.string() })),
});
