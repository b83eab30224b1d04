/** Documents with summaries from the command line: of the catalogue, or a user's own table. */
import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { DatasetChoice } from '../harness/cell.js';
import { hashPaths } from '../tasks/datasets/checksum.js';
import type { DatasetSource } from '../tasks/datasets/contract.js';
import { ownPairs, ownPairsName } from '../tasks/datasets/own-pairs.js';
import type { PairDataset } from '../tasks/datasets/pair-contract.js';
import { pairDatasets } from '../tasks/datasets/pair-datasets.js';
import { defaultsOf } from './choose.js';
import { assertColumns, type DatasetFlags, givenFiles, isNewsName, isOwn } from './dataset-options.js';
import { UsageError } from './errors.js';

export interface ChosenPairs {
  readonly dataset: PairDataset;
  readonly source: DatasetSource;
  readonly options: DatasetChoice['options'];
}

export const isPairName = (name: string): boolean => pairDatasets.some((dataset) => dataset.name === name);

/**
 * Of the names, the paths of a user's own pairs. A path is one where a flag names a column of pairs, or where summaries
 * are all that is asked for; else it is that of labelled texts.
 */
export function ownPairPaths(
  names: readonly string[] | undefined,
  flags: DatasetFlags,
  onlySummaries: boolean,
): string[] {
  const paths = (names ?? []).filter((name) => !isNewsName(name) && isOwn(name));
  const hasFlags = flags.documentColumn !== undefined || flags.summaryColumn !== undefined;
  if (hasFlags && paths.length === 0)
    throw new UsageError(
      '--document-column and --summary-column describe a table of your own: give that as the dataset',
    );
  return hasFlags || onlySummaries ? paths : [];
}

/** Those that are named must be here. Without names: the paper's that are here, and where none is, what stands in. */
export async function choosePairs(
  names: readonly string[] | undefined,
  folders: readonly string[],
): Promise<ChosenPairs[]> {
  const wanted = pairDatasets.filter(({ name }) => names?.includes(name) ?? true);
  const found = await Promise.all(
    wanted.map(async (dataset) => ({ dataset, source: await dataset.find(folders) })),
  );
  const here = found.flatMap(({ dataset, source }) =>
    source === null ? [] : [{ dataset, source, options: defaultsOf(dataset.options) }],
  );
  const absent = found.find(({ source }) => source === null);
  if (names !== undefined && absent !== undefined) throw missing(absent.dataset, folders);
  const real = here.filter(({ dataset }) => !dataset.standIn);
  return names !== undefined || real.length === 0 ? here : real;
}

function missing({ name, origins }: PairDataset, folders: readonly string[]): UsageError {
  const where = folders.length === 0 ? 'no data folder was given' : `looked in ${folders.join(', ')}`;
  return new UsageError(
    `dataset '${name}' is not here (${where}). It comes from ${origins.map(({ url }) => url).join(', ')}. Put it into a folder and give that with --data`,
  );
}

interface PairFlags extends DatasetFlags {
  readonly dataset?: string;
}

/** The files that a user named. */
export function pairFiles(flags: PairFlags): string[] {
  const { dataset } = flags;
  return dataset === undefined || !isOwn(dataset) ? [] : [dataset, ...givenFiles(flags)];
}

/** The one dataset of `run`. */
export async function chooseOnePairs(flags: PairFlags, folders: readonly string[]): Promise<ChosenPairs> {
  const { dataset: name } = flags;
  const names = pairDatasets.map((dataset) => dataset.name).join(', ');
  if (name === undefined)
    throw new UsageError(`--task summarization needs --dataset: ${names}, or a table of your own`);
  if (isOwn(name)) return openOwn(name, flags);
  const [found] = isPairName(name) ? await choosePairs([name], folders) : [];
  if (found === undefined)
    throw new UsageError(
      `there is no dataset of summaries '${name}'; there are ${names}, or give a table of your own`,
    );
  return found;
}

/** @throws UsageError for a file that is not there or has other columns */
export async function openOwn(path: string, flags: DatasetFlags): Promise<ChosenPairs> {
  const files = [path, ...givenFiles(flags)];
  const missingFile = files.find((file) => !existsSync(file));
  if (missingFile !== undefined) throw new UsageError(`there is no file ${missingFile}`);
  const dataset = ownPairs(ownPairsName(path));
  if (dataset === null) throw new Error(`${ownPairsName(path)} is no name of a dataset`);
  const options = dataset.options.parse({
    file: basename(resolve(path)),
    sha256: await hashPaths(files.map((file) => resolve(file))),
    documentColumn: flags.documentColumn,
    summaryColumn: flags.summaryColumn,
    validationFile: flags.validationFile === undefined ? undefined : basename(flags.validationFile),
    testFile: flags.testFile === undefined ? undefined : basename(flags.testFile),
  });
  for (const file of files) await assertColumns(file, [options.documentColumn, options.summaryColumn]);
  const source = await dataset.find(
    files.map((file) => resolve(file)),
    options,
  );
  if (source === null) throw new UsageError(`${files.join(', ')} cannot be read`);
  return { dataset, source, options };
}
