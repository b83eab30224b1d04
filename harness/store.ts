/**
 * Records on disk: `OUT/records/ID.json`, one file a record.
 *
 * A record appears whole or not at all: it is written under a temporary name, synced and renamed. One process at a time
 * writes to a folder. Nothing that was recorded is ever deleted.
 */
import { open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { checkpointFolder } from './checkpoints/file.js';
import { HarnessError, messageOf } from './errors.js';
import { takeLock } from './lock.js';
import { makeFolders } from './make-folders.js';
import { readRecordFiles } from './read-records.js';
import { recordSchema, type RunRecord } from './record.js';

export interface Store {
  /** By id; grows with every `write`. */
  readonly records: ReadonlyMap<string, RunRecord>;
  /** Keeps a record, in place of an earlier one of the same id. */
  write(record: RunRecord): Promise<void>;
  /** Lets other processes write here. */
  close(): Promise<void>;
}

/**
 * Opens a folder of results for writing; makes it where it is missing.
 * @throws HarnessError when it cannot be written, another process writes to it, or a record in it cannot be read
 */
export async function openStore(out: string): Promise<Store> {
  const folder = join(out, 'records');
  await makeFolder(out, folder);
  const release = await takeLock(join(out, '.lock'));
  try {
    for (const each of [folder, checkpointFolder(out)]) await removeLeftovers(each);
    const known = await readRecordFiles(await recordFiles(folder));
    const records = new Map(known.map((record) => [record.id, record]));
    const write = async (record: RunRecord) => {
      const checked = recordSchema.parse(record); // Also puts the keys in the order in which they are read back.
      await writeWhole(folder, checked);
      records.set(checked.id, checked);
    };
    return { records, write, close: release };
  } catch (error) {
    await release();
    throw error;
  }
}

async function makeFolder(out: string, folder: string): Promise<void> {
  try {
    await makeFolders(folder);
    const probe = join(folder, `.probe.${process.pid}.tmp`);
    await (await open(probe, 'w')).close();
    await rm(probe);
  } catch (error) {
    throw new HarnessError(
      `cannot write results to ${out}: ${messageOf(error)}; give a folder that can be written with --out`,
    );
  }
}

const temporary = /^\..*\.tmp$|\.safetensors\.[0-9a-f-]+\.tmp$/;

/** What a killed process left half written. */
async function removeLeftovers(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  await Promise.all(names.filter((name) => temporary.test(name)).map((name) => rm(join(folder, name))));
}

async function recordFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return names
    .filter((name) => name.endsWith('.json'))
    .toSorted()
    .map((name) => join(folder, name));
}

async function writeWhole(folder: string, record: RunRecord): Promise<void> {
  const unfinished = join(folder, `.${record.id}.${process.pid}.tmp`);
  const file = await open(unfinished, 'w');
  try {
    await file.writeFile(`${JSON.stringify(record, null, 1)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(unfinished, join(folder, `${record.id}.json`));
  await syncFolder(folder);
}

/** Makes the new name itself survive a power cut. Not every system can sync a folder. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
