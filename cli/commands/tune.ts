/** `formerbench tune`: the same seeded random search for every architecture, judged by validation texts alone. */
import { type Command, Option } from 'commander';
import type { Job } from '../../harness/plan.js';
import type { Outcome, RunRecord } from '../../harness/record.js';
import { missingJobs } from '../../harness/run.js';
import { openStore, type Store } from '../../harness/store.js';
import { percent } from '../../reports/format.js';
import { presetNames, presets } from '../../reports/paper/presets.js';
import { defaultsOf } from '../choose.js';
import { addMeasuringOptions, addWorkersOption, wanted } from '../common-options.js';
import { addDatasetOptions } from '../dataset-options.js';
import { catchInterrupts } from '../interrupt.js';
import { concludeJobs, measureJobs } from '../measure-jobs.js';
import { alignColumns, note, print, printJson } from '../output.js';
import { describeOutcome } from '../progress.js';
import { bestOf, drawTrials, flagsOf, spaceDescription, validationAccuracy } from '../search-space.js';
import { findByName } from '../suggest.js';
import type { GroundOptions, TrainingGround } from '../training-ground.js';
import { parseCount, parseSeed } from '../values.js';

interface TuneOptions extends GroundOptions {
  readonly dataset: string;
  readonly budget: number;
  readonly seed: number;
}

export function addTuneCommand(program: Command): void {
  const command = program
    .command('tune')
    .description(
      'find learning rate, dropout and width by validation, with one budget for every architecture',
    )
    .argument('<architectures...>', 'what mixes the tokens')
    .requiredOption('--dataset <name>', 'what is learned')
    .requiredOption(
      '--budget <n>',
      'trainings of each architecture; the first is the preset itself',
      parseCount,
    )
    .addOption(
      new Option('--preset <name>', 'where all other sizes come from').choices(presetNames).default('quick'),
    )
    .option('--seed <n>', 'of the search and of every training', parseSeed, 1);
  addMeasuringOptions(addWorkersOption(addDatasetOptions(command))).action(tune);
}

interface Search {
  readonly architecture: string;
  /** One a trial. */
  readonly jobs: readonly Job[];
}

async function tune(names: readonly string[], options: TuneOptions): Promise<void> {
  const { openGround } = await import('../training-ground.js');
  const ground = await openGround(options);
  const searches = plan(names, options, ground);
  // All architectures at one trial before any at the next.
  const jobs = Array.from({ length: options.budget }, (_, trial) =>
    searches.flatMap((search) => search.jobs[trial] ?? []),
  ).flat();
  const store = await openStore(options.out);
  const interrupt = catchInterrupts();
  try {
    const missing = missingJobs(jobs, store, wanted(options));
    const { budget, preset } = options;
    note(
      `${budget} trials for each of ${names.join(', ')} on ${ground.dataset.title}, backend ${ground.backend}: ${spaceDescription}`,
    );
    const { ran, left } = await measureJobs({
      ...ground,
      ...{ missing, store, options, preset, interrupt, deadline: null, learnFromRecords: true },
      describe: (cell, outcome) => describeValidation(outcome) ?? describeOutcome(cell, outcome),
    });
    show(searches, options, ground, store);
    const failed = jobs.filter(({ id }) => !learned(store.records.get(id))).length - left.length;
    const stopped = interrupt.signal.aborted;
    const counts = { planned: jobs.length, failed, left: left.length, stopped, fresh: options.fresh };
    concludeJobs({ ...counts, listed: `${ran.length} ran` });
  } finally {
    interrupt.release();
    await store.close();
  }
}

/** Whether it was measured; a model that did not learn was. */
const learned = (record: RunRecord | undefined): boolean =>
  record !== undefined && (record.failure === null || record.failure.kind === 'did not learn');

/** Test scores stay unseen while one chooses. */
function describeValidation(outcome: Outcome): string | null {
  const score = validationAccuracy(outcome);
  return score === null ? null : `validation accuracy ${percent(score)} %`;
}

function plan(names: readonly string[], options: TuneOptions, ground: TrainingGround): Search[] {
  const trials = drawTrials(options.budget, options.seed, presets[options.preset].accuracy);
  return [...new Set(names)].map((name) => {
    const architecture = findByName('architecture', name, ground.architectures);
    const choice = { name, options: defaultsOf(architecture.options) };
    // Two trials may be equal: the budget counts both, one is trained.
    const jobs = trials.flatMap((trial) => ground.jobs([ground.cell(choice, options.seed, trial)]));
    return { architecture: name, jobs };
  });
}

function show(searches: readonly Search[], options: TuneOptions, ground: TrainingGround, store: Store): void {
  const results = searches.map(({ architecture, jobs }) => {
    const records = jobs.flatMap(({ id }) => store.records.get(id) ?? []);
    const best = bestOf(records);
    const trials = records.map((record) => ({
      ...settingsOf(record),
      validationAccuracy: validationAccuracy(record),
      record: record.id,
    }));
    const command = best === undefined ? null : commandOf(best, options);
    return {
      architecture,
      trained: records.length,
      best:
        best === undefined
          ? null
          : { ...settingsOf(best), validationAccuracy: validationAccuracy(best), record: best.id },
      command,
      trials,
    };
  });
  if (options.json) {
    const { out, preset, budget, seed } = options;
    printJson({
      out,
      dataset: ground.dataset.name,
      backend: ground.backend,
      preset,
      budget,
      seed,
      space: spaceDescription,
      architectures: results,
    });
    return;
  }
  for (const line of linesOf(results)) print(line);
}

interface Result {
  readonly architecture: string;
  readonly trained: number;
  readonly best: (ReturnType<typeof settingsOf> & { readonly validationAccuracy: number | null }) | null;
  readonly command: string | null;
}

function linesOf(results: readonly Result[]): string[] {
  const head = ['', 'trials', 'learning rate', 'dropout', 'hidden', 'validation accuracy, %'];
  const rows = results.map(({ architecture, trained, best }) =>
    best === null
      ? [architecture, String(trained), '—', '—', '—', 'no trial learned']
      : [
          architecture,
          String(trained),
          String(best.learningRate),
          String(best.dropout),
          String(best.hidden),
          percent(best.validationAccuracy ?? 0),
        ],
  );
  const commands = results.flatMap(({ command }) => (command === null ? [] : [`  ${command}`]));
  const seen = commands.length === 0 ? '' : ' To see what they say:';
  return [
    ...alignColumns([head, ...rows]),
    `Best by validation; the test texts were not looked at.${seen}`,
    ...commands,
  ];
}

function settingsOf({ cell }: RunRecord) {
  if (cell.kind !== 'encoder') throw new Error('only encoders are tuned');
  const { dropout, hidden, feedForward } = cell.encoder;
  return { learningRate: cell.training.learningRate, dropout, hidden, feedForward };
}

/** Runs the same cell: a record that is there is shown again. */
function commandOf({ cell }: RunRecord, options: TuneOptions): string {
  if (cell.kind !== 'encoder') throw new Error('only encoders are tuned');
  const { dataset, preset, seed, out, data, backend, plugin } = options;
  const given = Object.entries({
    '--data': data,
    '--text-column': options.textColumn,
    '--label-column': options.labelColumn,
    '--class-names': options.classNames,
    '--validation-file': options.validationFile,
    '--test-file': options.testFile,
    '--tokenizer': options.tokenizer,
    '--word-vectors': options.wordVectors,
  }).flatMap(([flag, value]) => (value === undefined ? [] : [flag, value]));
  return [
    ...['formerbench', 'run', '--architecture', cell.architecture, '--dataset', dataset, '--preset', preset],
    ...['--seed', String(seed), '--backend', backend, '--out', out, ...given],
    ...plugin.flatMap((file) => ['--plugin', file]),
    ...flagsOf(cell),
  ]
    .map(quoted)
    .join(' ');
}

/** For a shell. */
const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
