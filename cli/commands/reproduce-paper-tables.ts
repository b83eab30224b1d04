/**
 * `formerbench reproduce-paper-tables`: plans the cells of the paper's tables and figures, runs what has no record yet,
 * and writes the report.
 */
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { estimateRemaining } from '../../harness/estimate.js';
import type { Job } from '../../harness/plan.js';
import type { RunRecord } from '../../harness/record.js';
import { measure, missingJobs, timings } from '../../harness/run.js';
import { openStore, type Store } from '../../harness/store.js';
import { presetNames, presets } from '../../reports/paper/presets.js';
import { addMeasuringOptions, addWorkersOption, planLimits } from '../common-options.js';
import { exitCodes } from '../errors.js';
import { findings } from '../findings.js';
import { catchInterrupts, type Interrupt } from '../interrupt.js';
import { note, print, printJson } from '../output.js';
import type { Plan, ReproduceOptions } from '../plan.js';
import { createProgress, formatTime } from '../progress.js';
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
    .option('--architectures <names>', 'for instance transformer,fastformer', parseList)
    .option('--datasets <names>', 'for instance imdb', parseList)
    .option('--seeds <n>', 'repetitions of every accuracy cell (default: of the preset)', parseCount)
    .option('--seed <n>', 'the first seed', parseSeed, 1)
    .option('--time-budget <time>', 'start no cell after this time, for instance 20m', parseDuration)
    .addOption(new Option('--scheduler <name>', 'where cells run').choices(['local']).default('local'))
    .action(reproduce);
  addMeasuringOptions(addWorkersOption(command));
}

async function reproduce(options: ReproduceOptions): Promise<void> {
  const begin = performance.now();
  const { planReproduction } = await import('../plan.js');
  const plan = await planReproduction(options);
  const store = await openStore(options.out);
  const interrupt = catchInterrupts();
  try {
    const missing = missingJobs(plan.jobs, store, options.fresh);
    announce(plan, missing, store, options);
    const { ran, left } = await runMissing(missing, plan, store, options, begin, interrupt);
    await finish(plan, ran, left, store, options, interrupt);
  } finally {
    interrupt.release();
    await store.close();
  }
}

/** What will happen, before it does. */
function announce(plan: Plan, missing: readonly Job[], store: Store, options: ReproduceOptions): void {
  const { workers } = planLimits(options);
  const reused = plan.jobs.length - missing.length;
  const cells = missing.map(({ cell }) => cell);
  const seconds = estimateRemaining(cells, timings(store.records.values()), workers);
  note(`preset ${options.preset} (${presets[options.preset].title}), backend ${plan.backend}`);
  for (const line of plan.dataLines) note(line);
  const known = reused > 0 ? `, ${reused} of them recorded already` : '';
  note(
    `${plan.jobs.length} cells${known}${missing.length > 0 ? `; about ${formatTime(seconds)} to go` : ''}`,
  );
}

async function runMissing(
  missing: readonly Job[],
  plan: Plan,
  store: Store,
  options: ReproduceOptions,
  begin: number,
  interrupt: Interrupt,
) {
  const { workers, limits } = planLimits(options);
  const progress = createProgress({
    jobs: missing,
    workers,
    earlier: timings(store.records.values()),
    live: process.stderr.isTTY,
    write: (text) => process.stderr.write(text),
  });
  try {
    return await measure(missing, store, {
      workers,
      limits,
      preset: options.preset,
      dataFolders: plan.dataFolders,
      plugins: plan.pluginFiles,
      signal: interrupt.signal,
      deadline: options.timeBudget === undefined ? null : begin + options.timeBudget * 1000,
      report: progress.report,
    });
  } finally {
    progress.end();
  }
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
  if (options.json) printJson({ out: options.out, report, cells, ...(await findings(records, plan.tables)) });
  else if (report !== null) print(`report: ${report}`);
  if (failed.length > 0)
    note(
      `${failed.length} of ${plan.jobs.length} cells failed; the report lists them, and the same command tries them again`,
    );
  if (left.length > 0) note(`${left.length} cells are left; the same command runs only what is missing`);
  if (stopped && left.length > 0) process.exitCode = exitCodes.interrupted;
  else if (failed.length > 0) process.exitCode = exitCodes.cellsFailed;
}
