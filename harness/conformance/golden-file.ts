/**
 * Files of golden vectors: weights, inputs, outputs and gradients of a public reference implementation, in float64.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { messageOf } from '../errors.js';

const tensorSchema = z.object({
  shape: z.array(z.int().nonnegative()),
  dtype: z.enum(['float64', 'int32']),
  data: z.array(z.number()),
});
const tensors = z.record(z.string(), tensorSchema);

const goldenSchema = z.object({
  arch: z.string(),
  case: z.string(),
  config: z
    .object({
      batch: z.int(),
      length: z.int(),
      hidden: z.int(),
      heads: z.int().default(1),
      block: z.enum(['attention', 'layer', 'pooling', 'model', 'core']),
      ffn: z.int().default(1),
      layers: z.int().default(1),
      max_positions: z.int().optional(),
      max_length: z.int().optional(),
      classes: z.int().default(1),
    })
    .loose(),
  weights: tensors,
  inputs: tensors,
  extra: tensors,
  mask: tensorSchema.nullable(),
  outputs: tensors,
  probes: tensors,
  grads: z.object({ inputs: tensors, weights: tensors }),
  compare: z.string(),
  edge: z.boolean(),
});
export type Golden = z.infer<typeof goldenSchema>;
export type GoldenTensor = z.infer<typeof tensorSchema>;

/** @param path - a file, or a folder whose `.json` files are read in the order of their names */
export async function readGolden(path: string): Promise<Golden[]> {
  const isFolder = (await stat(path)).isDirectory();
  const files = isFolder ? (await readdir(path)).filter((file) => file.endsWith('.json')).sort() : [''];
  if (files.length === 0) throw new Error(`no golden vectors (*.json) in ${path}`);
  return Promise.all(files.map((file) => readOne(file === '' ? path : join(path, file))));
}

async function readOne(file: string): Promise<Golden> {
  const parsed = goldenSchema.safeParse(await readJson(file));
  if (parsed.success) return parsed.data;
  throw new Error(`${basename(file)} is not a file of golden vectors: ${z.prettifyError(parsed.error)}`);
}

async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${basename(file)} is not JSON: ${messageOf(error)}`, { cause: error });
  }
}
