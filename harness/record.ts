/**
 * A record: what one run of one cell left. One JSON file, complete, never edited; reports are made from these alone.
 */
import { z } from 'zod';
import { cellSchema, precisionSchema } from './cell.js';
import { rankingSchema } from './ranking-record.js';
import { summarySchema } from './summary-record.js';

/** Raised when a reader of older records would misunderstand newer ones. */
export const recordVersion = 1;

export const failureKinds = [
  'out of memory',
  'timeout',
  'crashed',
  'diverged',
  'did not learn',
  'unsupported',
  'dataset missing',
  'bad data',
  'plugin error',
] as const;
export type FailureKind = (typeof failureKinds)[number];

const finite = z.number();

const failureSchema = z.strictObject({
  kind: z.enum(failureKinds),
  message: z.string(),
  /** Of a cell that ran out of memory. */
  memory: z
    .strictObject({
      /** Peak of the resident set by the memory model; null where it knows nothing of the cell. */
      predictedBytes: finite.nullable(),
      /** What the process, or the heap of its backend, was allowed. */
      limitBytes: finite,
      /** The highest resident set that was seen before it ended. */
      observedBytes: finite.nullable(),
    })
    .optional(),
  /** Seconds that a cell was given which timed out. */
  limitSeconds: finite.optional(),
});
export type Failure = z.infer<typeof failureSchema>;

/** How a step was timed, and how the machine did meanwhile; null in records of before. */
const measuringSchema = z
  .strictObject({
    /** Steps that were run and thrown away. */
    warmUpSteps: z.int(),
    /** Whether the times had settled then. */
    stable: z.boolean(),
    /** Seconds of a fixed workload, just before the samples and just after. */
    control: z.strictObject({ before: z.array(finite), after: z.array(finite) }),
    /** How often all samples were taken anew, because the control had moved. */
    repeats: z.int(),
    /** Whether the control moved in the last try too. */
    disturbed: z.boolean(),
    /** Multiply-adds a second of the fastest large matrix product here: no step can do more. */
    matrixProductRate: finite,
    /** Of the fastest core, when the samples were taken; null where the system does not say. */
    clockMegahertz: finite.nullable(),
    /** Where the process spent its seconds; its wall time less all of them is what the harness itself takes. */
    phases: z
      .strictObject({
        /** From the start of the process to the first line about the cell: modules, backend, plugins. */
        startUp: finite,
        /** Model, batch, graph, first step. */
        prepare: finite,
        /** For another cell to be timed, or counted; not there in records of before. */
        waiting: finite.optional(),
        warmUp: finite,
        /** The control workload, of all repeats. */
        control: finite,
        /** In the steps whose times were taken, of all repeats. */
        timed: finite,
        /** Memory, products and rates, counted after the samples. */
        counts: finite,
      })
      .optional(),
  })
  .nullable()
  .default(null);

/** What a cell's own process measured. */
export const outcomeSchema = z.strictObject({
  backend: z
    .strictObject({
      name: z.string(),
      version: z.string(),
      threads: z.int().positive(),
      /** Repairs of TensorFlow.js that were on, by name. */
      patches: z.array(z.string()),
      /** Whether one seed gives the same bits again on this backend. */
      deterministic: z.boolean(),
    })
    .nullable(),
  /** How the step that the cell is about ran. */
  execution: z.enum(['eager', 'graph', 'none']),
  /** Of matrix products. */
  precision: precisionSchema,
  compilation: z
    .strictObject({
      decision: z.enum(['eager', 'graph']),
      /** Runs that were expected of the shape of batch that comes most often. */
      expectedRuns: z.int(),
      /** Of tracing all steps and loading their graphs. */
      traceSeconds: finite,
      /** Of the first run of each graph. */
      firstStepSeconds: finite,
      /** Why a step, or some of its shapes, ran eagerly. */
      reason: z.string().nullable(),
    })
    .nullable()
    .default(null),
  /** Fractions of 1 for accuracy and macroF1. */
  metrics: z.record(z.string(), finite),
  /** The measured quantity: wall time of training and evaluation, or the median step. */
  seconds: finite.nullable(),
  memory: z.strictObject({
    /**
     * Exact bytes of tensors alive at once; of a graph: in the order in which it was recorded, each tensor freed after
     * its last reader. Null where the backend cannot tell.
     */
    peakTensorBytes: finite.nullable(),
    /** Peak resident set of the process. */
    peakResidentBytes: finite.nullable(),
    /** Resident set before the first tensor, to subtract. */
    baselineResidentBytes: finite.nullable(),
  }),
  /** Seconds of each timed step, raw, in order; speed cells only. */
  samples: z.array(finite).nullable(),
  measuring: measuringSchema,
  costs: z
    .strictObject({
      parameters: z.int(),
      /** Of one step's forward pass: declared by the architecture for its mixers. */
      mixerMultiplyAdds: finite,
      /** Of the whole step, backward pass included: counted. */
      stepMultiplyAdds: finite.optional(),
    })
    .nullable(),
  curve: z.array(
    z.strictObject({
      epoch: z.int().positive(),
      trainLoss: finite,
      validationAccuracy: finite,
      validationMacroF1: finite,
      seconds: finite,
    }),
  ),
  bestEpoch: z.int().positive().nullable(),
  /** Of classification, real tokens a second: padding is not counted. Null in records of before. */
  throughput: z
    .strictObject({
      /** In steps of training: the validation's time is left out. */
      trainedTokensPerSecond: finite.nullable(),
      /** Of the test part, without gradients; null where it was not evaluated. */
      evaluatedTokensPerSecond: finite.nullable(),
    })
    .nullable()
    .default(null),
  data: z
    .strictObject({
      label: z.string(),
      /** Of the file, or of the examples' ids and texts where there is no one file. */
      sha256: z.string(),
      standIn: z.boolean(),
      classes: z.array(z.string()),
      counts: z.strictObject({ train: z.int(), validation: z.int(), test: z.int() }),
      /** Accuracy of always answering the largest training class, on the test examples. */
      majorityAccuracy: finite,
      vocabulary: z.int(),
      meanLength: finite,
      /** Share of padding in the training batches, 0 to 1. */
      paddingShare: finite,
      /** How many words the token table had a vector for at the start; null where it started random. */
      wordVectors: z
        .strictObject({
          words: z.int(),
          /** Of the vocabulary's words, and of the training tokens: 0 to 1. */
          vocabularyShare: finite,
          tokenShare: finite,
        })
        .nullable()
        .default(null),
    })
    .nullable(),
  /** How often the cell was interrupted and went on from a checkpoint: `seconds` and curves are sums of all parts then. */
  resumed: z.int().nonnegative().default(0),
  /** Of a recommender or a ranking floor; null in records of before. */
  ranking: rankingSchema.nullable().default(null),
  /** Of a summarizer or a floor of summarization; null in records of before. */
  summary: summarySchema.nullable().default(null),
  failure: failureSchema.nullable(),
});
export type Outcome = z.infer<typeof outcomeSchema>;

export const provenanceSchema = z.strictObject({
  formerbench: z.string(),
  git: z.strictObject({ commit: z.string(), dirty: z.boolean() }).nullable(),
  lockfileSha256: z.string().nullable(),
  sourcesSha256: z.string(),
  node: z.string(),
  platform: z.string(),
  cpu: z.string(),
  cores: z.int(),
  totalMemoryBytes: finite,
  loadBefore: finite,
  loadAfter: finite,
  preset: z.string().nullable(),
  commandLine: z.array(z.string()),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
});
export type Provenance = z.infer<typeof provenanceSchema>;

export const recordSchema = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{16}$/),
  schema: z.literal(recordVersion),
  cell: cellSchema,
  ...outcomeSchema.shape,
  provenance: provenanceSchema,
});
export type RunRecord = z.infer<typeof recordSchema>;
