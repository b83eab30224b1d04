/** `formerbench ablate`: one architecture over a grid of settings, each combination against the first over the same seeds. */
import { type Command, Option } from 'commander';
import type { Job } from '../../harness/plan.js';
import type { RunRecord } from '../../harness/record.js';
import { missingJobs } from '../../harness/run.js';
import { openStore } from '../../harness/store.js';
import { presetNames, presets } from '../../reports/paper/presets.js';
import type { VariantResult } from '../../reports/summary/paired.js';
import { addMeasuringOptions, addWorkersOption, wanted } from '../common-options.js';
import { addDatasetOptions } from '../dataset-options.js';
import { type Combination, combinations, type Grid, parseGrid, pointOf, titleOf } from '../grid.js';
import { UsageError } from '../errors.js';
import { catchInterrupts } from '../interrupt.js';
import { concludeJobs, measureJobs } from '../measure-jobs.js';
import { note, print, printJson } from '../output.js';
import { findByName } from '../suggest.js';
import { addSchedulerOptions, type SchedulerFlags } from '../scheduler-options.js';
import type { GroundOptions, TrainingGround } from '../training-ground.js';
import { parseCount, parsePair, parseSeed } from '../values.js';
import { variantLines } from '../variant-table.js';

interface AblateOptions extends GroundOptions, SchedulerFlags {
  readonly grid: Grid;
  readonly option: Readonly<Record<string, string>>;
  readonly seeds?: number;
  readonly seed: number;
}

export function addAblateCommand(program: Command): void {
  const command = program
    .command('ablate')
    .description('compare every combination of some settings with the first, over the same seeds')
    .argument('<architecture>', 'what mixes the tokens')
    .requiredOption(
      '--grid <name=values>',
      'an option of the architecture, or encoder.NAME or training.NAME, with values to try; repeatable. The first of each makes the combination that the others are compared with',
      parseGrid,
    )
    .option('--option <name=value>', 'an option that all combinations have; repeatable', parsePair, {})
    .option('--dataset <name>', 'what is learned (default: the first that is here)')
    .addOption(new Option('--preset <name>', 'where sizes come from').choices(presetNames).default('quick'))
    .option('--seeds <n>', 'repetitions of every combination (default: of the preset)', parseCount)
    .option('--seed <n>', 'the first seed', parseSeed, 1);
  addSchedulerOptions(addMeasuringOptions(addWorkersOption(addDatasetOptions(command)))).action(ablate);
}

/** What could not be measured; a model that did not learn was. */
const failedOf = (records: readonly RunRecord[]): RunRecord[] =>
  records.filter(({ failure }) => failure !== null && failure.kind !== 'did not learn');

/** A combination and its cells, a seed each. */
interface Planned {
  readonly combination: Combination;
  readonly jobs: readonly Job[];
}

async function ablate(name: string, options: AblateOptions): Promise<void> {
  const { openGround } = await import('../training-ground.js');
  const ground = await openGround(options);
  const planned = plan(name, options, ground);
  const jobs = seedsOutermost(planned);
  const store = await openStore(options.out);
  const interrupt = catchInterrupts();
  try {
    const missing = missingJobs(jobs, store, wanted(options));
    note(
      `${planned.length} combinations of ${name} on ${ground.dataset.title}, backend ${ground.backend}: ${jobs.length} cells, ${jobs.length - missing.length} of them recorded already`,
    );
    const { preset } = options;
    const { ran, left } = await measureJobs({
      ...ground,
      ...{ missing, store, options, preset, interrupt, deadline: null, learnFromRecords: true },
    });
    const { compareVariants } = await import('../../reports/summary/paired.js');
    const results = compareVariants(
      planned.map((one) => ({
        title: titleOf(one.combination),
        records: one.jobs.flatMap(({ id }) => store.records.get(id) ?? []),
      })),
    );
    const failed = failedOf(jobs.flatMap(({ id }) => store.records.get(id) ?? [])).length;
    const cells = { planned: jobs.length, ran: ran.length, failed, left: left.length };
    show(name, options, ground, planned, results, cells);
    const stopped = interrupt.signal.aborted;
    concludeJobs({ ...cells, stopped, fresh: options.fresh, listed: 'the table lists them' });
  } finally {
    interrupt.release();
    await store.close();
  }
}

function plan(name: string, options: AblateOptions, ground: TrainingGround): Planned[] {
  const architecture = findByName('architecture', name, ground.architectures);
  const count = options.seeds ?? presets[options.preset].seeds;
  const seeds = Array.from({ length: count }, (_, index) => options.seed + index);
  const all = combinations(options.grid);
  if (all.length < 2) throw new UsageError('--grid: one combination has nothing to compare with');
  return all.map((combination) => {
    const { architecture: choice, ...sizes } = pointOf(architecture, combination, options.option);
    return { combination, jobs: ground.jobs(seeds.map((seed) => ground.cell(choice, seed, sizes))) };
  });
}

/** So that a run that is stopped has every combination once before any twice; a cell of two combinations once. */
const seedsOutermost = (planned: readonly Planned[]): Job[] => [
  ...new Map(
    planned
      .flatMap(({ jobs }) => jobs)
      .toSorted((a, b) => a.cell.seed - b.cell.seed)
      .map((job) => [job.id, job]),
  ).values(),
];

function show(
  architecture: string,
  { out, preset, json }: AblateOptions,
  { dataset, backend }: TrainingGround,
  planned: readonly Planned[],
  results: readonly VariantResult[],
  cells: object,
): void {
  if (json) {
    const combined = results.map((result, index) => ({ settings: planned[index]?.combination, ...result }));
    printJson({ out, architecture, dataset: dataset.name, backend, preset, cells, combinations: combined });
    return;
  }
  for (const line of variantLines(results)) print(line);
}
