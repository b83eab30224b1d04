/**
 * `formerbench reproduce-paper-tables`: plans the cells of the paper's tables and figures, runs what has no record yet,
 * and writes the report.
 */
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { type CountsAtHand, estimateRemaining } from '../../harness/estimate.js';
import { isTrouble, type Job } from '../../harness/plan.js';
import type { RunRecord } from '../../harness/record.js';
import { missingJobs, timings } from '../../harness/run.js';
import { openStore, type Store } from '../../harness/store.js';
import { tracks } from '../../reports/paper/contract.js';
import { presetNames, presets } from '../../reports/paper/presets.js';
import { addMeasuringOptions, addWorkersOption, planLimits, wanted } from '../common-options.js';
import { addDatasetOptions } from '../dataset-options.js';
import { findings, powerLines, rankGroupLines } from '../findings.js';
import { catchInterrupts, type Interrupt } from '../interrupt.js';
import { concludeJobs, measureJobs } from '../measure-jobs.js';
import { note, print, printJson } from '../output.js';
import type { Plan, ReproduceOptions } from '../plan.js';
import { formatTime } from '../progress.js';
import { addSchedulerOptions } from '../scheduler-options.js';
import { parseCount, parseDuration, parseList, parseSeed } from '../values.js';
import { writeReport } from '../write-report.js';

export function addReproduceCommand(program: Command): void {
  const command = program
    .command('reproduce-paper-tables')
    .description('run the tables and figures of the paper and write the report')
    .addOption(
      new Option('--preset <name>', presetNames.map((name) => `${name}: ${presets[name].title}`).join('; '))
        .choices(presetNames)
        .default('quick'),
    )
    .option('--only <tables>', 'for instance table-4,figure-2', parseList)
    .option(
      '--architectures <names>',
      "for instance transformer,fastformer, or all (default: the paper's, no mixer, and every --plugin)",
      parseList,
    )
    .option('--datasets <names>', 'for instance imdb, or a file of your own', parseList)
    .option('--seeds <n>', 'repetitions of every accuracy cell (default: of the preset)', parseCount)
    .option(
      '--rounds <n>',
      'processes that every speed cell is timed in (default: of the preset)',
      parseCount,
    )
    .option('--seed <n>', 'the first seed', parseSeed, 1)
    .addOption(
      new Option(
        '--track <name>',
        'lengths of table-4 and table-6: equal for all, or as in the paper, where the Transformer reads less than the others',
      )
        .choices(tracks)
        .default('equal'),
    )
    .option('--time-budget <time>', 'start no cell after this time, for instance 20m', parseDuration)
    .action(reproduce);
  addSchedulerOptions(addMeasuringOptions(addWorkersOption(addDatasetOptions(command))));
}

async function reproduce(options: ReproduceOptions): Promise<void> {
  const begin = performance.now();
  const { planReproduction } = await import('../plan.js');
  const plan = await planReproduction(options);
  const store = await openStore(options.out);
  const interrupt = catchInterrupts();
  try {
    const missing = missingJobs(plan.jobs, store, wanted(options));
    const atHand = await plan.countExamples(missing.map(({ cell }) => cell));
    announce(plan, missing, store, options, atHand);
    const { ran, left } = await measureJobs({
      ...plan,
      missing,
      store,
      options,
      preset: options.preset,
      interrupt,
      deadline: options.timeBudget === undefined ? null : begin + options.timeBudget * 1000,
      learnFromRecords: true,
      atHand,
    });
    await finish(plan, ran, left, store, options, interrupt);
  } finally {
    interrupt.release();
    await store.close();
  }
}

/** What will happen, before it does. */
function announce(
  plan: Plan,
  missing: readonly Job[],
  store: Store,
  options: ReproduceOptions,
  atHand: CountsAtHand,
): void {
  const { workers } = planLimits(options);
  const reused = plan.jobs.length - missing.length;
  const cells = missing.map(({ cell }) => cell);
  const seconds = estimateRemaining(cells, timings(store.records.values()), workers, atHand);
  note(`preset ${options.preset} (${presets[options.preset].title}), backend ${plan.backend}`);
  for (const line of plan.dataLines) note(line);
  const known = reused > 0 ? `, ${reused} of them recorded already` : '';
  note(
    `${plan.jobs.length} cells${known}${missing.length > 0 ? `; about ${formatTime(seconds)} to go` : ''}`,
  );
}

/** The report of everything that is recorded, also when the run was stopped. */
async function finish(
  plan: Plan,
  ran: readonly RunRecord[],
  left: readonly Job[],
  store: Store,
  options: ReproduceOptions,
  interrupt: Interrupt,
): Promise<void> {
  const stopped = interrupt.signal.aborted;
  const planned = plan.jobs.flatMap(({ id }) => store.records.get(id) ?? []);
  const failed = planned.filter(({ failure }) => failure !== null && failure.kind !== 'did not learn');
  const records = [...store.records.values()];
  const report = records.length > 0 ? join(options.out, 'report.html') : null;
  if (report !== null) await writeReport(report, records, `${records.length} records`);
  const reused = planned.length - ran.length;
  const cells = {
    planned: plan.jobs.length,
    ran: ran.length,
    reused,
    failed: failed.length,
    left: left.length,
  };
  const found = await findings(records, plan.tables);
  if (options.json) printJson({ out: options.out, report, cells, ...found });
  else {
    for (const line of [...rankGroupLines(found), ...powerLines(found)]) print(line);
    if (report !== null) print(`report: ${report}`);
  }
  concludeJobs({
    planned: plan.jobs.length,
    failed: failed.length,
    foreseen: failed.filter((record) => !isTrouble(record)).length,
    left: left.length,
    stopped,
    fresh: options.fresh,
    listed: 'the report lists them',
  });
}
