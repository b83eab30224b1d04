/** Writes the page of some records, whole or not at all, and its tables into a folder beside it. */
import { readdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { messageOf } from '../harness/errors.js';
import { makeFolders } from '../harness/make-folders.js';
import type { RunRecord } from '../harness/record.js';
import type { Origins } from '../reports/origins.js';
import { writeWhole } from '../tasks/write-whole.js';
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
  const { buildReportFiles } = await import('../reports/index.js');
  const { page, tables } = await buildReportFiles(records, { generatedFrom, origins });
  try {
    await makeFolders(dirname(file));
    await writeWhole(file, page);
    await writeTables(tablesFolder(file), tables);
  } catch (error) {
    throw new CliError(`cannot write the report to ${file}: ${messageOf(error)}`);
  }
}

/** `results/report.html` -> `results/report-tables` */
export const tablesFolder = (file: string): string =>
  join(dirname(file), `${basename(file, extname(file))}-tables`);

const extensions = ['.csv', '.json', '.md', '.tex'];

/** Tables of an earlier page go: numbers of two runs should not lie side by side. */
async function writeTables(
  folder: string,
  tables: readonly { readonly file: string; readonly text: string }[],
): Promise<void> {
  await makeFolders(folder);
  const names = new Set(tables.map(({ file }) => file));
  for (const name of await readdir(folder))
    if (extensions.includes(extname(name)) && !names.has(name)) await rm(join(folder, name));
  for (const { file, text } of tables) await writeFile(join(folder, file), text);
}
