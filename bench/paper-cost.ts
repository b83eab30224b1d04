/**
 * `npm run bench:paper-cost -- RECORDS...`: what the preset `paper` costs, all tables with as much data as the paper had, on
 * 1, 10 and 1,000 machines. Hours follow from the operations of each cell (`harness/estimate.ts`) and from how long cells
 * of its kind and backend took in the records; of a kind without records, a guess stands in.
 */
import { Command } from 'commander';
import { chooseArchitectures } from '../cli/choose.js';
import { printJson } from '../cli/output.js';
import { runAction } from '../cli/run-action.js';
import type { Cell } from '../harness/cell.js';
import { readRecords } from '../harness/read-records.js';
import type { RunRecord } from '../harness/record.js';
import { timings } from '../harness/run.js';
import { planCells, tables } from '../reports/paper/index.js';
import { presets } from '../reports/paper/presets.js';
import { costOf } from './cost.js';

/** Examples of train, validation and test: Tables 1 to 3; of PubMed, where Table 3 repeats IMDB's, those of the public set. */
const sizes: Readonly<Record<string, readonly [number, number, number]>> = {
  'amazon-electronics': [40_000, 5_000, 5_000],
  jmars: [108_500, 13_600, 13_600],
  'mind-topics-large': [128_800, 16_100, 16_100],
  'mind-large': [2_232_748, 376_471, 2_370_727],
  'cnn-dailymail': [287_113, 13_368, 11_490],
  pubmed: [119_924, 6_633, 6_658],
};
const named = (...names: readonly string[]) => names.map((name) => ({ name, options: {} }));

function paperCells(backend: string): Cell[] {
  const [news = null] = named('mind-large');
  const seeds = Array.from({ length: presets.paper.seeds }, (_, index) => index + 1);
  const cells = planCells(tables, {
    ...{ preset: 'paper', backend, seeds, news, rounds: presets.paper.speed.rounds },
    architectures: chooseArchitectures(undefined, tables, []),
    datasets: named('amazon-electronics', 'jmars', 'mind-topics-large'),
    summaries: named('cnn-dailymail', 'pubmed'),
  });
  return cells.map(withSizes);
}

/** Cells of whole datasets, as many examples as those have. */
function withSizes(cell: Cell): Cell {
  if (cell.kind === 'speed') return cell;
  const [train, validation, test] = sizes[cell.dataset.name] ?? [];
  if (train === undefined || validation === undefined || test === undefined)
    throw new Error(`the size of ${cell.dataset.name} is not known`);
  return { ...cell, dataset: { ...cell.dataset, train, validation, test } };
}

/** With as many examples as were read, where the cell asked for all there are. */
function withCounts(record: RunRecord): RunRecord {
  const { cell, data, ranking, summary } = record;
  const counts = data?.counts ?? ranking?.data.impressions ?? summary?.data.documents;
  if (cell.kind === 'speed' || counts === undefined) return record;
  return { ...record, cell: { ...cell, dataset: { ...cell.dataset, ...counts } } };
}

async function cost(folders: readonly string[], { backend }: { readonly backend: string }): Promise<void> {
  const records = (await readRecords(folders)).map(withCounts);
  const finished = timings(records).filter(({ cell }) => cell.backend === backend);
  const cells = paperCells(backend);
  printJson({ backend, cells: cells.length, ...costOf(cells, finished) });
}

const program = new Command('bench:paper-cost')
  .description('hours that the preset paper takes, by what cells of each kind took before')
  .argument('<records...>', 'folders of results of this kind of machine')
  .option('--backend <name>', 'what computes', 'tensorflow')
  .action(cost);
await runAction(async () => {
  await program.parseAsync(process.argv);
});
