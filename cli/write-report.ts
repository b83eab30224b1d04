/** Writes the page of some records, whole or not at all. */
import { rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf } from '../harness/errors.js';
import { makeFolders } from '../harness/make-folders.js';
import type { RunRecord } from '../harness/record.js';
import type { Origins } from '../reports/origins.js';
import { CliError } from './errors.js';

/**
 * @param generatedFrom - what the page says it was made from
 * @param origins - of records from several folders
 */
export async function writeReport(
  file: string,
  records: readonly RunRecord[],
  generatedFrom: string,
  origins: Origins | null = null,
): Promise<void> {
  const { buildReport } = await import('../reports/index.js');
  const page = await buildReport(records, { generatedFrom, origins });
  const unfinished = `${file}.${process.pid}.tmp`;
  try {
    await makeFolders(dirname(file));
    await writeFile(unfinished, page);
    await rename(unfinished, file);
  } catch (error) {
    throw new CliError(`cannot write the report to ${file}: ${messageOf(error)}`);
  }
}
