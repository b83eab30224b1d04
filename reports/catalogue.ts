/**
 * Names and titles: what the reader sees for what a record says. A plugin or a dataset that the catalogues do not
 * hold keeps its own name.
 */
import { architectures } from '../architectures/index.js';
import { datasets } from '../tasks/datasets/index.js';
import { mindEditions } from '../tasks/datasets/mind.js';
import { ownDataset } from '../tasks/datasets/own.js';
import { ownPairs } from '../tasks/datasets/own-pairs.js';
import { pairDatasets } from '../tasks/datasets/pair-datasets.js';
import { type Cell, type DatasetChoice, describeCell, isFloor } from '../harness/cell.js';
import type { PaperColumn } from './paper/contract.js';
import { tables } from './paper/index.js';

type JsonOptions = DatasetChoice['options'];

const baselineTitles: Readonly<Record<string, string>> = { 'naive-bayes': 'Naive Bayes', chance: 'Chance' };

export function architectureTitle(name: string): string {
  const known = architectures.find((architecture) => architecture.name === name);
  const printed = tables.flatMap((table) => table.rows).find((row) => row.architecture === name);
  return known?.title ?? baselineTitles[name] ?? printed?.title ?? visible(name);
}

/** Where an implementation differs from its paper; nothing for a plugin. */
export const deviationsOf = (name: string): readonly string[] =>
  architectures.find((architecture) => architecture.name === name)?.deviations ?? [];

/** The options that are not at their defaults, as `name=value`; all of them where no defaults are known. */
export function optionsLabel(name: string, options: JsonOptions): string {
  const known = architectures.find((architecture) => architecture.name === name);
  const defaults: Readonly<Record<string, unknown>> = known?.options.safeParse({}).data ?? {};
  return Object.keys(options)
    .toSorted()
    .filter((key) => options[key] !== defaults[key])
    .map((key) => `${key}=${String(options[key])}`)
    .join(', ');
}

/** `Transformer (attention=textbook)`: one row or line of the report. */
export const variantTitle = (name: string, options: JsonOptions): string =>
  named(architectureTitle(name), optionsLabel(name, options));

/** `transformer (attention=textbook) on imdb, seed 1`: a cell, told apart from those of other options. */
export const cellTitle = (cell: Cell): string =>
  isFloor(cell)
    ? describeCell(cell)
    : describeCell({
        ...cell,
        architecture: named(cell.architecture, optionsLabel(cell.architecture, cell.options)),
      });

const named = (name: string, options: string): string =>
  visible(options === '' ? name : `${name} (${options})`);

/** On one line: Vega refuses a name that breaks it. */
const visible = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]/gu, ' ');

export const mindTitle = (name: string): string =>
  mindEditions.find((edition) => edition.name === name)?.title ?? name;

/** Of documents with summaries. */
export const pairTitle = (name: string): string =>
  pairDatasets.find((dataset) => dataset.name === name)?.title ?? ownPairs(name)?.title ?? name;

export interface DatasetFacts {
  readonly title: string;
  /** The column of the paper it stands beside; null for stand-ins and unknown datasets. */
  readonly column: PaperColumn | null;
  /** Why values do not compare although the column is the same; null when they may. */
  readonly notComparable: string | null;
}

export function datasetFacts({ name, options }: Pick<DatasetChoice, 'name' | 'options'>): DatasetFacts {
  const known = datasets.find((dataset) => dataset.name === name) ?? ownDataset(name);
  // A user's own data has a file and a checksum, and no default for these.
  const { file, sha256, ...rest } = options;
  const defaults: Readonly<Record<string, unknown>> =
    known?.options.safeParse({}).data ?? known?.options.safeParse({ file, sha256 }).data ?? {};
  const changed = Object.keys(rest)
    .toSorted()
    .filter((key) => rest[key] !== defaults[key])
    .map((key) => `${key}=${String(rest[key])}`)
    .join(', ');
  return {
    title: named(known?.title ?? name, changed),
    column: known?.paperColumn?.name ?? null,
    notComparable: known?.paperColumn?.notComparable ?? null,
  };
}
