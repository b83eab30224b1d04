/**
 * Reading records, from one folder or many, without being able to change them.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { HarnessError, messageOf } from './errors.js';
import { type RunRecord, recordSchema, recordVersion } from './record.js';

/**
 * Records of any mix of result folders (with `records/` in them), folders of records, and record files. A record that
 * comes twice counts once: the one that ended last.
 * @throws HarnessError that names every file that cannot be used
 */
export async function readRecords(paths: readonly string[]): Promise<RunRecord[]> {
  const byId = new Map<string, RunRecord>();
  for (const record of (await readRecordsApart(paths)).flat()) {
    const known = byId.get(record.id);
    if (known === undefined || known.provenance.endedAt < record.provenance.endedAt)
      byId.set(record.id, record);
  }
  return [...byId.values()];
}

/**
 * As `readRecords`, but the records of each path by themselves.
 * @throws HarnessError that names every file that cannot be used
 */
export async function readRecordsApart(paths: readonly string[]): Promise<RunRecord[][]> {
  const files = await Promise.all(paths.map(filesAt));
  const all = await readRecordFiles(files.flat());
  let begin = 0;
  return files.map(({ length }) => all.slice(begin, (begin += length)));
}

/** Far below what a process may have open. */
const openAtOnce = 64;

/** Reads each file; in the order given. */
export async function readRecordFiles(files: readonly string[]): Promise<RunRecord[]> {
  const read: (RunRecord | string)[] = [];
  for (let begin = 0; begin < files.length; begin += openAtOnce)
    read.push(...(await Promise.all(files.slice(begin, begin + openAtOnce).map(readRecordFile))));
  const problems = read.filter((result) => typeof result === 'string');
  if (problems.length > 0) {
    throw new HarnessError(
      `${problems.join('\n')}\nMove such a file away and run again: only its cell is measured anew.`,
    );
  }
  return read.filter((result) => typeof result !== 'string');
}

async function filesAt(path: string): Promise<string[]> {
  const info = await stat(path).catch(() => null);
  if (info === null)
    throw new HarnessError(
      `${path} does not exist; give a folder of results, a folder of records or a record`,
    );
  if (!info.isDirectory()) return [path];
  const inner = join(path, 'records');
  const folder = (await stat(inner).catch(() => null))?.isDirectory() === true ? inner : path;
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  if (names.length === 0) throw new HarnessError(`${folder} holds no records (ID.json)`);
  return names.toSorted().map((name) => join(folder, name));
}

/** The record, or in words why there is none. */
async function readRecordFile(file: string): Promise<RunRecord | string> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    return `${file} is cut short or not JSON: ${messageOf(error)}`;
  }
  const version = z.looseObject({ schema: z.unknown() }).safeParse(parsed).data?.schema;
  if (version !== recordVersion) {
    return `${file} has record version ${bounded(String(version))}, this formerbench reads version ${recordVersion}`;
  }
  const checked = recordSchema.safeParse(parsed);
  if (!checked.success)
    return `${file} is no complete record: ${bounded(oneLine(z.prettifyError(checked.error)))}`;
  const named = basename(file, '.json');
  if (named !== checked.data.id)
    return `${file} holds the record ${checked.data.id}; its name should be ${checked.data.id}.json`;
  return checked.data;
}

const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, ' ');

/** What a damaged file holds may be long. */
const bounded = (text: string): string => (text.length > 2_000 ? `${text.slice(0, 2_000)}…` : text);
