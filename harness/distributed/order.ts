/**
 * What goes to a worker and what comes back: a cell with what identifies it, and the record that was made of it.
 *
 * Both cross a queue or a shared folder, so both are read like anything from outside: by schema, bounded in size, and
 * believed only where they fit what was asked for.
 */
import { z } from 'zod';
import { cellSchema, describeCell } from '../cell.js';
import { HarnessError } from '../errors.js';
import { canonicalJson } from '../identity.js';
import type { Job } from '../plan.js';
import { recordSchema, type RunRecord } from '../record.js';

export const orderSchema = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{16}$/),
  cell: cellSchema,
  sourcesSha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Measured from the beginning, whatever earlier runs have of it. */
  fresh: z.boolean(),
  /** Of the run that asks, for the record. */
  preset: z.string().nullable(),
  commandLine: z.array(z.string()),
  /** What the user said; null where the worker's own limit holds. */
  limits: z.strictObject({
    seconds: z.number().positive().nullable(),
    memoryBytes: z.number().positive().nullable(),
  }),
});
export type Order = z.infer<typeof orderSchema>;

const answerSchema = z.strictObject({ host: z.string().max(256), record: recordSchema });
export type Answer = z.infer<typeof answerSchema>;

/** Curves and samples of the longest cells take some hundred kilobytes. */
export const answerLimit = 16 * 2 ** 20;

/** What all orders of a run share. */
export type OrderTerms = Pick<Order, 'fresh' | 'preset' | 'commandLine' | 'limits'>;

export const orderOf = ({ id, cell, sourcesSha256 }: Job, terms: OrderTerms): Order => ({
  id,
  cell,
  sourcesSha256,
  ...terms,
});

/**
 * @param text - JSON, as it came back
 * @throws HarnessError when it is no record of this job
 */
export function readAnswer(job: Job, text: string): Answer {
  const refuse = (why: string) =>
    new HarnessError(`the answer for ${describeCell(job.cell)} (${job.id}) cannot be used: ${why}`);
  if (text.length > answerLimit)
    throw refuse(`it has ${text.length} characters, at most ${answerLimit} are read`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw refuse('it is not JSON');
  }
  const { data, error } = answerSchema.safeParse(parsed);
  if (data === undefined) {
    const [issue] = error.issues;
    throw refuse(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a record'}`);
  }
  if (!answers(job, data.record)) throw refuse('it is of another cell, or of other sources');
  return data;
}

const answers = (job: Job, record: RunRecord): boolean =>
  record.id === job.id &&
  record.provenance.sourcesSha256 === job.sourcesSha256 &&
  canonicalJson(record.cell) === canonicalJson(cellSchema.parse(job.cell));
