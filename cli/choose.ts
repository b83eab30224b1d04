/**
 * From names on the command line to what they mean here: tables, architectures, datasets that are at hand.
 */
import type { Architecture } from '../architectures/contract.js';
import { architectures } from '../architectures/index.js';
import { none } from '../architectures/none.js';
import { everyArchitecture } from '../harness/architecture-names.js';
import { allArchitectures, type Plugin } from '../harness/plugins.js';
import type { ArchitectureChoice, PaperTable } from '../reports/paper/contract.js';
import { tables } from '../reports/paper/index.js';
import type { DatasetSource, TextDataset } from '../tasks/datasets/contract.js';
import { datasets } from '../tasks/datasets/index.js';
import { UsageError } from './errors.js';
import { findByName } from './suggest.js';

/** A dataset and where it lies. */
export interface FoundDataset {
  readonly dataset: TextDataset;
  readonly source: DatasetSource;
}

/** @param names - undefined = all */
export function chooseTables(names: readonly string[] | undefined): PaperTable[] {
  return names?.map((name) => findByName('table', name, tables)) ?? [...tables];
}

/**
 * Each with its default options. Without names: the rows of the tables, no mixer as their floor, and every plugin; the
 * others that are built in are no rows of the paper.
 * @param names - `all` = everything
 */
export function chooseArchitectures(
  names: readonly string[] | undefined,
  tables: readonly PaperTable[],
  plugins: readonly Plugin[],
): ArchitectureChoice[] {
  const all = allArchitectures(plugins);
  const chosen =
    names?.flatMap((name) => (name === everyArchitecture ? all : [findByName('architecture', name, all)])) ??
    all.filter(({ name }) => isRow(name, tables) || !isBuiltIn(name) || name === none.name);
  return [...new Set(chosen)].map(({ name, options }) => ({ name, options: defaultsOf(options) }));
}

const isRow = (name: string, tables: readonly PaperTable[]): boolean =>
  tables.some(({ rows }) => rows.some(({ architecture }) => architecture === name));

const isBuiltIn = (name: string): boolean => architectures.some((architecture) => architecture.name === name);

/** The default options of an architecture or a dataset. */
export function defaultsOf(options: Architecture['options']): ArchitectureChoice['options'] {
  return options.parse({}) as ArchitectureChoice['options'];
}

/**
 * Named datasets must be found. Without names: one for each column of the paper where its data is found, and where none
 * is, everything that stands in.
 */
export async function chooseDatasets(
  names: readonly string[] | undefined,
  folders: readonly string[],
): Promise<FoundDataset[]> {
  const chosen = names?.map((name) => findByName('dataset', name, datasets));
  const found = await Promise.all((chosen ?? datasets).map((dataset) => locate(dataset, folders)));
  if (chosen !== undefined) return chosen.map((dataset, index) => found[index] ?? missing(dataset, folders));
  const here = found.filter((one) => one !== null);
  const real = here.filter(({ dataset }, index) => isFirstOfColumn(dataset, here.slice(0, index)));
  return real.length > 0 ? real : here.filter(({ dataset }) => dataset.standIn);
}

/** Null when it is not on this machine. */
export async function locate(dataset: TextDataset, folders: readonly string[]): Promise<FoundDataset | null> {
  const source = await dataset.find(folders);
  return source === null ? null : { dataset, source };
}

function isFirstOfColumn({ paperColumn }: TextDataset, earlier: readonly FoundDataset[]): boolean {
  return (
    paperColumn !== null && !earlier.some(({ dataset }) => dataset.paperColumn?.name === paperColumn.name)
  );
}

function missing(dataset: TextDataset, folders: readonly string[]): never {
  const where = folders.length === 0 ? 'no data folder was given' : `looked in ${folders.join(', ')}`;
  const urls = dataset.origins.map(({ url }) => url).join(', ');
  const origin = urls === '' ? '' : ` It comes from ${urls}.`;
  throw new UsageError(
    `dataset '${dataset.name}' is not here (${where}).${origin} Put it into a folder and give that with --data`,
  );
}
