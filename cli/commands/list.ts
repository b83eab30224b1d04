/** `formerbench list WHAT`: what there is, with options, defaults and whether data is here. */
import { Argument, type Command } from 'commander';
import type { Architecture } from '../../architectures/contract.js';
import { describeOptions, type OptionInfo } from '../../harness/option-schema.js';
import { addDataOption, addPluginOption } from '../common-options.js';
import { alignColumns, print, printJson } from '../output.js';

interface ListOptions {
  readonly data?: string;
  readonly plugin: readonly string[];
  readonly json: boolean;
}

/** What every entry has; more fields come with `--json`. */
interface Entry {
  readonly name: string;
  readonly title: string;
  readonly options?: readonly OptionInfo[];
  /** Whether a dataset is on this machine. */
  readonly available?: boolean;
  readonly standIn?: boolean;
}

const listings: Readonly<Record<string, (options: ListOptions) => Promise<Entry[]>>> = {
  architectures: listArchitectures,
  tasks: listTasks,
  datasets: listDatasets,
  tables: listTables,
  presets: listPresets,
  baselines: listBaselines,
};

export function addListCommand(program: Command): void {
  const command = program
    .command('list')
    .description('what there is, with options, defaults and the state of data')
    .addArgument(new Argument('<what>', 'of these').choices(Object.keys(listings)))
    .option('--json', 'one JSON document on stdout', false)
    .action(async (what: string, options: ListOptions) => {
      const entries = (await listings[what]?.(options)) ?? [];
      if (options.json) printJson(entries);
      else for (const line of describe(entries)) print(line);
    });
  addDataOption(addPluginOption(command));
}

async function listArchitectures({ plugin }: ListOptions): Promise<Entry[]> {
  const { allArchitectures, loadPlugins } = await import('../../harness/plugins.js');
  return allArchitectures(await loadPlugins(plugin)).map(describeArchitecture);
}

function describeArchitecture({
  name,
  title,
  complexity,
  citation,
  supports,
  deviations,
  options,
}: Architecture) {
  return { name, title, complexity, citation, supports, deviations, options: describeOptions(options) };
}

async function listDatasets({ data }: ListOptions): Promise<Entry[]> {
  const { datasets } = await import('../../tasks/datasets/index.js');
  const { dataFolders } = await import('../../tasks/datasets/folders.js');
  const { findMind, mindEditions } = await import('../../tasks/datasets/mind.js');
  const folders = dataFolders(data);
  const news = mindEditions.map((edition) => {
    const source = findMind(folders, edition);
    const { name, title, origins } = edition;
    const state = { available: source !== null, source: source?.label ?? null, standIn: false };
    return { name, title: `${title} (news recommendation)`, ...state, origins };
  });
  const texts = await Promise.all(
    datasets.map(async (dataset) => {
      const { name, title, citation, licence, origins, splitRule, standIn, paperColumn, options } = dataset;
      const source = await dataset.find(folders);
      const state = { available: source !== null, source: source?.label ?? null };
      return {
        name,
        title,
        ...state,
        standIn,
        paperColumn,
        citation,
        licence,
        origins,
        splitRule,
        options: describeOptions(options),
      };
    }),
  );
  const { pairDatasets } = await import('../../tasks/datasets/pair-datasets.js');
  const pairs = await Promise.all(
    pairDatasets.map(async (dataset) => {
      const { name, title, standIn, paperColumn, citation, licence, origins, splitRule } = dataset;
      const source = await dataset.find(folders);
      const state = { available: source !== null, source: source?.label ?? null, standIn };
      return {
        name,
        title: `${title} (summarization)`,
        ...state,
        paperColumn,
        citation,
        licence,
        origins,
        splitRule,
      };
    }),
  );
  return [...texts, ...news, ...pairs];
}

async function listTasks(): Promise<Entry[]> {
  const { classification } = await import('../../tasks/classification/task.js');
  const { recommendation } = await import('../../tasks/recommendation/task.js');
  const { summarization } = await import('../../tasks/summarization/task.js');
  const speed = { name: 'speed', title: 'Time and memory of a step on random tokens', metrics: [] };
  return [
    { name: classification.name, title: classification.title, metrics: classification.metrics },
    recommendation,
    summarization,
    speed,
  ].map((task) => task);
}

async function listTables(): Promise<Entry[]> {
  const { tables } = await import('../../reports/paper/index.js');
  return tables.map(({ name, title, where, kind }) => ({ name, title, where, kind }));
}

async function listPresets(): Promise<Entry[]> {
  const { presetNames, presets } = await import('../../reports/paper/presets.js');
  return presetNames.map((name) => ({ ...presets[name] }));
}

async function listBaselines(): Promise<Entry[]> {
  const { baselines } = await import('../../tasks/classification/baselines/index.js');
  const { floors } = await import('../../tasks/recommendation/floors/index.js');
  const { summaryFloors } = await import('../../tasks/summarization/floors/index.js');
  return [...baselines, ...floors, ...summaryFloors].map(({ name, title }) => ({ name, title }));
}

/** Two columns, then the options of each entry below it. */
function describe(entries: readonly Entry[]): string[] {
  const heads = alignColumns(entries.map((entry) => [entry.name, entry.title + stateOf(entry)]));
  return entries.flatMap((entry, index) => [
    heads[index] ?? '',
    ...(entry.options ?? []).map(describeOption),
  ]);
}

function stateOf({ available, standIn }: Entry): string {
  if (available === undefined) return '';
  const role = standIn === true ? ' (stands in)' : '';
  return available ? `${role}: here` : `${role}: not here`;
}

/** `    window=integer from 1 to 64 (default 16): tokens to each side` */
function describeOption(option: OptionInfo): string {
  const { name, default: preset, description } = option;
  return `    ${name}=${valuesOf(option)} (default ${String(preset)})${description === null ? '' : `: ${description}`}`;
}

function valuesOf({ type, choices, minimum, maximum }: OptionInfo): string {
  if (choices !== null) return choices.map(String).join('|');
  if (minimum !== null && maximum !== null) return `${type} from ${minimum} to ${maximum}`;
  if (minimum !== null) return `${type} from ${minimum}`;
  return maximum === null ? type : `${type} to ${maximum}`;
}
