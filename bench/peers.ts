/**
 * `npm run bench:peers`: time and memory of our architectures beside the same models in PyTorch.
 *
 * Both sides run interleaved, each cell in a process of its own with the machine to itself. PyTorch is no dependency: it
 * lives in a virtual environment, whose interpreter `--python` names. With `--out` every measurement is kept at once, and
 * the same command goes on where it was stopped.
 */
import { availableParallelism } from 'node:os';
import { Command, Option } from 'commander';
import { type BackendChoice, backendChoices } from '../cli/common-options.js';
import { CliError, exitCodes, UsageError } from '../cli/errors.js';
import { catchInterrupts } from '../cli/interrupt.js';
import { note, print, printJson } from '../cli/output.js';
import { runAction } from '../cli/run-action.js';
import { findByName } from '../cli/suggest.js';
import {
  parseBytes,
  parseCount,
  parseCounts,
  parseDuration,
  parseList,
  parsePair,
  parseSeed,
} from '../cli/values.js';
import { resolveBackend } from '../harness/backends/index.js';
import { thisMachine } from '../harness/scheduler/limits.js';
import { compare, notesFor } from './peers/comparison.js';
import { type Contest, contests, type Mode } from './peers/contests.js';
import { type Measurement, readMeasurements, writeResult } from './peers/measurement.js';
import { measureMeetings, type Setup } from './peers/measure.js';
import { findPyTorch, howToInstall } from './peers/pytorch-cell.js';
import { schedule, type Sweep } from './peers/schedule.js';
import { tableOf } from './peers/table.js';

interface PeersOptions {
  readonly python?: string;
  readonly architectures?: readonly string[];
  readonly option: Readonly<Record<string, string>>;
  readonly lengths: readonly number[];
  readonly modes: readonly string[];
  readonly tokens: number;
  readonly batch?: number;
  readonly hidden: number;
  readonly heads: number;
  readonly layers: number;
  readonly feedForward: number;
  readonly vocabulary: number;
  readonly rounds: number;
  readonly samples: number;
  readonly seed: number;
  readonly threads: number;
  readonly backend: BackendChoice;
  readonly timeBudget?: number;
  readonly timeLimit: number;
  readonly memoryLimit?: number;
  readonly out?: string;
  readonly json: boolean;
}

function createProgram(): Command {
  const command = new Command('bench:peers')
    .description('time and memory of our architectures beside the same models in PyTorch')
    .addOption(new Option('--python <file>', 'interpreter that has PyTorch').env('FORMERBENCH_PEER_PYTHON'))
    .option('--architectures <names>', `of ${contests.map(({ name }) => name).join(', ')}`, parseList)
    .option('--option <architecture.name=value>', 'an option of ours; repeatable', parsePair, {})
    .option('--modes <names>', 'what is timed', parseList, ['inference', 'training'])
    .option('--lengths <ns>', 'sequence lengths', parseCounts, [128, 512, 2_048, 8_192])
    .option('--batch <n>', 'sequences in a batch (default: tokens / length)', parseCount);
  const counts = [
    ['--tokens <n>', 'of a step', 16_384],
    ['--hidden <n>', "width of a token's vector", 256],
    ['--heads <n>', 'heads; divides --hidden', 16],
    ['--layers <n>', 'layers', 2],
    ['--ffn, --feed-forward <n>', 'width of the feed-forward layer', 1_024],
    ['--vocabulary <n>', 'rows of the token table', 10_000],
    ['--rounds <n>', 'processes that each side has', 3],
    ['--samples <n>', 'timed steps of a process', 5],
    ['--threads <n>', 'of either side', availableParallelism()],
  ] as const;
  for (const [flags, description, value] of counts) command.option(flags, description, parseCount, value);
  return command
    .option('--seed <n>', 'the first round', parseSeed, 1)
    .addOption(new Option('--backend <name>', 'what computes ours').choices(backendChoices).default('auto'))
    .option('--time-budget <time>', 'nothing starts after, for instance 3m', parseDuration)
    .option('--time-limit <time>', 'end a process that takes longer', parseDuration, 1_200)
    .option('--memory-limit <size>', 'end a process that needs more, for instance 4GB', parseBytes)
    .option('--out <file>', 'keeps every measurement; the same command again goes on from there')
    .option('--json', 'one JSON document on stdout, progress on stderr', false)
    .addHelpText('after', `\nPyTorch is no dependency: ${howToInstall}`)
    .exitOverride()
    .action(benchPeers);
}

async function benchPeers(options: PeersOptions): Promise<void> {
  const chosen = options.architectures?.map((name) => findByName('architecture', name, contests)) ?? contests;
  const meetings = schedule(sweepOf(options, chosen));
  const setup = await setupOf(options);
  const known = options.out === undefined ? [] : await readMeasurements(options.out);
  const interrupt = catchInterrupts();
  const result = (measurements: readonly Measurement[]) => ({
    pytorch: setup.torch.version,
    ours: { backend: setup.backend, options: setup.options },
    sizes: setup.sizes,
    comparisons: compare(chosen, measurements),
    notes: notesFor(chosen),
    measurements,
  });
  try {
    const { measurements, left } = await measureMeetings(meetings, setup, {
      known,
      signal: interrupt.signal,
      deadline: options.timeBudget === undefined ? null : performance.now() + 1000 * options.timeBudget,
      keep: async (ofMeetings, all) => {
        if (options.out !== undefined)
          await writeResult(options.out, { ...result(ofMeetings), measurements: all });
      },
    });
    show(result(measurements), options.json);
    if (left > 0) note(`${left} of ${meetings.length} meetings are left; --out keeps what was measured`);
    if (interrupt.signal.aborted) process.exitCode = exitCodes.interrupted;
  } finally {
    interrupt.release();
  }
}

function show(
  result: { comparisons: ReturnType<typeof compare>; notes: readonly string[] },
  json: boolean,
): void {
  if (json) {
    printJson(result);
    return;
  }
  for (const line of [...tableOf(result.comparisons), '', ...result.notes]) print(line);
}

function sweepOf(options: PeersOptions, chosen: readonly Contest[]): Sweep {
  const { hidden, heads, lengths, rounds, seed, tokens, batch } = options;
  if (hidden % heads !== 0) throw new UsageError(`--heads ${heads} must divide --hidden ${hidden}`);
  return {
    contests: chosen,
    modes: options.modes.map(modeOf),
    lengths,
    rounds,
    seed,
    tokens,
    batch: batch ?? null,
  };
}

function modeOf(name: string): Mode {
  if (name === 'inference' || name === 'training') return name;
  throw new UsageError(`no mode '${name}'; there are inference and training`);
}

async function setupOf(options: PeersOptions): Promise<Setup> {
  if (options.python === undefined) throw new CliError(`--python is not given; ${howToInstall}`);
  const { hidden, heads, layers, feedForward, vocabulary, samples, threads } = options;
  const timing = { warmup: 2, warmupLimit: 12, samples, threads };
  return {
    torch: await findPyTorch(options.python),
    backend: await resolveBackend(options.backend),
    sizes: { hidden, heads, layers, feedForward, vocabulary, classes: 5, ...timing },
    options: optionsByArchitecture(options.option),
    limits: {
      seconds: options.timeLimit,
      memoryBytes: options.memoryLimit ?? Math.floor(0.9 * thisMachine().memoryBytes),
      threads,
    },
  };
}

/** `transformer.attention=textbook` by architecture. */
function optionsByArchitecture(given: Readonly<Record<string, string>>): Setup['options'] {
  const options: Record<string, Record<string, string>> = {};
  for (const [key, value] of Object.entries(given)) {
    const [name = '', option] = key.split('.');
    if (option === undefined) throw new UsageError(`--option ${key}: give architecture.name=value`);
    findByName('architecture', name, contests);
    options[name] = { ...options[name], [option]: value };
  }
  return options;
}

await runAction(async () => {
  await createProgram().parseAsync(process.argv);
});
