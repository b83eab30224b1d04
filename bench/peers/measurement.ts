/** What one process measured, ours or PyTorch's, and the file that keeps them all. */
import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';

export const measurementSchema = z.strictObject({
  /** Hash of all that makes the numbers: sizes, sources, versions, round. */
  id: z.string(),
  side: z.enum(['ours', 'pytorch']),
  /** Our architecture, or the mixer of `pytorch_peer.py`. */
  name: z.string(),
  mode: z.enum(['inference', 'training']),
  length: z.int(),
  batch: z.int(),
  round: z.int(),
  /** Seconds of each timed step. */
  samples: z.array(z.number()),
  warmUpSteps: z.int().nullable(),
  parameters: z.int().nullable(),
  /** Of the process since it started. */
  peakResidentBytes: z.number().nullable(),
  /** Before its first tensor. */
  baselineResidentBytes: z.number().nullable(),
  failure: z.strictObject({ kind: z.string(), message: z.string() }).nullable(),
  startedAt: z.iso.datetime(),
});
export type Measurement = z.infer<typeof measurementSchema>;

const fileSchema = z.looseObject({ measurements: z.array(measurementSchema) });

/**
 * Of an earlier run; none where there is no file.
 * @throws when the file is not one of this command
 */
export async function readMeasurements(file: string): Promise<Measurement[]> {
  if (!existsSync(file)) return [];
  return fileSchema.parse(JSON.parse(await readFile(file, 'utf8'))).measurements;
}

/** Whole or not at all. */
export async function writeResult(file: string, result: object): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  await writeFile(temporary, `${JSON.stringify(result, null, 2)}\n`);
  await rename(temporary, file);
}
