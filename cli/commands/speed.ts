/** `formerbench speed`: time and memory of one step by architecture, mode and length, in rounds. */
import type { Command } from 'commander';
import { estimateRemaining } from '../../harness/estimate.js';
import { isTrouble } from '../../harness/plan.js';
import { missingJobs, timings } from '../../harness/run.js';
import { openStore, type Store } from '../../harness/store.js';
import { presets } from '../../reports/paper/presets.js';
import { addMeasuringOptions, wanted } from '../common-options.js';
import { catchInterrupts } from '../interrupt.js';
import { concludeJobs, measureJobs } from '../measure-jobs.js';
import { UsageError } from '../errors.js';
import { note, print, printJson } from '../output.js';
import type { SpeedOptions, SpeedPlan } from '../plan-speed.js';
import { addProfileOption, type ProfileOptions } from '../profile-option.js';
import { formatTime } from '../progress.js';
import { addSchedulerOptions } from '../scheduler-options.js';
import { addStepOptions } from '../step-options.js';
import { parseCount, parseCounts, parseList, parsePair, parseSeed } from '../values.js';

/** The paper's encoder. */
const { encoder, tokens, samples } = presets.laptop.speed;

export function addSpeedCommand(program: Command): void {
  const command = program
    .command('speed')
    .description('time and memory of a step, by architecture and sequence length')
    .option(
      '--architectures <names>',
      "or all (default: the paper's, the Transformer in both its forms, no mixer, and every --plugin)",
      parseList,
    )
    .option('--option <architecture.name=value>', 'an option of an architecture; repeatable', parsePair, {})
    .option('--lengths <ns>', 'sequence lengths; each divides --tokens', parseCounts, [128, 512, 2_048])
    .option('--modes <names>', 'what is timed (default: inference,training)', parseList)
    .option(
      '--largest-batch',
      'search the largest batch whose step fits into --memory-limit, in place of --tokens (default mode: training)',
      false,
    )
    .option('--tokens <n>', 'of a step, at every length', parseCount, tokens)
    .option('--layers <n>', 'layers', parseCount, encoder.layers)
    .option('--hidden <n>', "width of a token's vector", parseCount, encoder.hidden)
    .option('--heads <n>', 'heads; divides --hidden', parseCount, encoder.heads)
    .option('--ffn, --feed-forward <n>', 'width of the feed-forward layer', parseCount, encoder.feedForward)
    .option('--rounds <n>', 'processes that each cell is timed in', parseCount, 3)
    .option('--samples <n>', 'timed steps of a process', parseCount, samples)
    .option('--seed <n>', 'the first round', parseSeed, 1)
    .action(speed);
  addProfileOption(addStepOptions(addSchedulerOptions(addMeasuringOptions(command))));
}

async function speed(options: SpeedOptions & ProfileOptions): Promise<void> {
  if ((options.largestBatch || options.profile) && options.scheduler !== 'local')
    throw new UsageError('--largest-batch and --profile look at this machine: leave --scheduler out');
  return options.largestBatch ? largestBatch(options) : sweep(options);
}

async function largestBatch(options: SpeedOptions): Promise<void> {
  const { searchLargestBatches } = await import('../largest-batch.js');
  const store = await openStore(options.out);
  const interrupt = catchInterrupts();
  try {
    await searchLargestBatches(options, store, interrupt);
  } finally {
    interrupt.release();
    await store.close();
  }
}

async function sweep(options: SpeedOptions & ProfileOptions): Promise<void> {
  const { planSpeed } = await import('../plan-speed.js');
  if (options.profile) {
    const { jobs, pluginFiles } = await planSpeed({ ...options, rounds: 1 });
    const { profileJobs } = await import('../profile.js');
    await profileJobs(jobs, options, pluginFiles);
    return;
  }
  const plan = await planSpeed(options);
  const store = await openStore(options.out);
  const interrupt = catchInterrupts();
  try {
    const missing = missingJobs(plan.jobs, store, wanted(options));
    announce(plan, missing, store);
    const begin = performance.now();
    const { ran, left } = await measureJobs({
      missing,
      store,
      options,
      preset: null,
      dataFolders: [],
      pluginFiles: plan.pluginFiles,
      interrupt,
      deadline: null,
      learnFromRecords: true,
    });
    const whole = ran.length === plan.jobs.length ? (performance.now() - begin) / 1000 : null;
    await finish(plan, store, options, left.length, interrupt.signal.aborted, whole);
  } finally {
    interrupt.release();
    await store.close();
  }
}

function announce({ jobs, backend }: SpeedPlan, missing: SpeedPlan['jobs'], store: Store): void {
  const reused = jobs.length - missing.length;
  const cells = missing.map(({ cell }) => cell);
  const time = formatTime(estimateRemaining(cells, timings(store.records.values()), 1));
  note(
    `${jobs.length} cells on ${backend}${reused > 0 ? `, ${reused} of them recorded already` : ''}${cells.length > 0 ? `; about ${time} to go` : ''}`,
  );
}

async function finish(
  { jobs, backend }: SpeedPlan,
  store: Store,
  options: SpeedOptions,
  left: number,
  stopped: boolean,
  runSeconds: number | null,
): Promise<void> {
  const { describePoint, describeOverhead, speedSettingsOf, speedTable } = await import(
    '../speed-results.js'
  );
  const { overheadOf } = await import('../../reports/summary/overhead.js');
  const records = jobs.flatMap(({ id }) => store.records.get(id) ?? []);
  const settings = speedSettingsOf(records);
  const overhead = overheadOf(records, runSeconds);
  if (options.json) {
    const cells = settings.flatMap((setting) => setting.points.map((point) => describePoint(setting, point)));
    printJson({ backend, cells, overhead });
  } else {
    for (const setting of settings) {
      print(setting.title);
      for (const line of speedTable(setting)) print(line);
    }
    if (overhead !== null) note(describeOverhead(overhead));
  }
  const failed = records.filter(({ failure }) => failure !== null);
  const foreseen = failed.filter((record) => !isTrouble(record)).length;
  const counts = {
    planned: jobs.length,
    failed: failed.length,
    foreseen,
    left,
    stopped,
    fresh: options.fresh,
  };
  concludeJobs({ ...counts, listed: 'the notes name them' });
}
