/**
 * Checkpoints as files: how far the training of one model is, and its tensors, `FOLDER/ID-SEED.safetensors`.
 *
 * A file appears whole or not at all. What is read must be of the same cell, sources, backend and seed, and its
 * checksum must fit: anything else is refused, and the training starts again.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeWhole } from '../../tasks/write-whole.js';
import { HarnessError, messageOf } from '../errors.js';
import { makeFolders } from '../make-folders.js';
import { decodeSafetensors, encodeHeader, headerLimit, type SavedTensor } from './safetensors.js';

/** Where a cell keeps its checkpoints. */
export interface CheckpointPlace {
  readonly folder: string;
  /** Of the cell. */
  readonly id: string;
  readonly sourcesSha256: string;
  /** Of training, from one to the next. */
  readonly everySeconds: number;
}

/** @param out - the folder of a run's results */
export const checkpointFolder = (out: string): string => join(out, 'checkpoints');

/** What a checkpoint is of: all texts, as the file's metadata holds them. */
type Identity = Readonly<Record<'format' | 'cell' | 'sources' | 'backend' | 'seed', string>>;

export interface ModelCheckpoint {
  readonly file: string;
  readonly identity: Identity;
  readonly everySeconds: number;
}

/**
 * @param place - undefined = nothing is kept
 * @param seed - of the model; a cell may train several
 */
export function modelCheckpoint(
  place: CheckpointPlace | undefined,
  backend: string,
  seed: number,
): ModelCheckpoint | null {
  if (place === undefined) return null;
  const { folder, id, sourcesSha256, everySeconds } = place;
  return {
    file: join(folder, `${id}-${seed}.safetensors`),
    identity: {
      ...{ format: 'formerbench checkpoint 1', cell: id, sources: sourcesSha256, backend },
      seed: String(seed),
    },
    everySeconds,
  };
}

/**
 * @param progress - plain data
 * @param tensors - float32, by name
 * @throws what the file system throws
 */
export async function writeCheckpoint(
  { file, identity }: ModelCheckpoint,
  progress: object,
  tensors: ReadonlyMap<string, Tensor>,
): Promise<void> {
  const text = JSON.stringify(progress);
  const sum = createHash('sha256').update(text);
  for (const tensor of tensors.values()) sum.update(await bytesOf(tensor));
  const shapes = new Map([...tensors].map(([name, { shape }]) => [name, shape]));
  const metadata = { ...identity, progress: text, sha256: sum.digest('hex') };
  await makeFolders(dirname(file));
  await writeWhole(file, pieces(encodeHeader(shapes, metadata), tensors));
}

/** One tensor in memory at a time: a checkpoint is several times as large as the model. */
async function* pieces(header: Uint8Array, tensors: ReadonlyMap<string, Tensor>): AsyncGenerator<Uint8Array> {
  yield header;
  for (const tensor of tensors.values()) yield await bytesOf(tensor);
}

async function bytesOf(tensor: Tensor): Promise<Uint8Array> {
  const values = await tensor.data();
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/**
 * @param dataBytes - that its numbers have at most
 * @returns null where there is none
 * @throws HarnessError when it is damaged, or of something else
 */
export async function readCheckpoint(
  { file, identity }: ModelCheckpoint,
  dataBytes: number,
): Promise<{ readonly progress: unknown; readonly tensors: ReadonlyMap<string, SavedTensor> } | null> {
  const size = (await stat(file).catch(() => null))?.size;
  if (size === undefined) return null;
  try {
    if (size > headerLimit + dataBytes) throw new HarnessError(`has ${size} bytes, far too many`);
    const { metadata, tensors, data } = decodeSafetensors(await readFile(file));
    const other = Object.entries(identity).find(([name, text]) => metadata.get(name) !== text);
    if (other !== undefined) throw new HarnessError(`is of another training (other ${other[0]})`);
    const text = metadata.get('progress') ?? '';
    const sum = createHash('sha256').update(text).update(data).digest('hex');
    if (sum !== metadata.get('sha256')) throw new HarnessError('has another checksum than its header says');
    return { progress: JSON.parse(text), tensors };
  } catch (error) {
    throw new HarnessError(`the checkpoint ${file} ${messageOf(error)}`);
  }
}

/**
 * What cells no longer need: their checkpoints, whole ones and what a killed process left of others.
 *
 * @param ids - of the cells
 */
export async function removeCheckpoints(folder: string, ids: readonly string[]): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const unwanted = new Set(ids);
  const own = names.filter((name) => unwanted.has(name.slice(0, name.indexOf('-'))));
  await Promise.all(own.map((name) => rm(join(folder, name), { force: true })));
}
