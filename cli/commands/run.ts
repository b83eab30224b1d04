/** `formerbench run`: one cell, and its record. */
import { type Command, Option } from 'commander';
import { causalAttentionNames } from '../../architectures/causal/contract.js';
import { describeCell } from '../../harness/cell.js';
import type { Job } from '../../harness/plan.js';
import type { RunRecord } from '../../harness/record.js';
import { missingJobs } from '../../harness/run.js';
import { openStore, type Store } from '../../harness/store.js';
import { thousands } from '../../reports/format.js';
import { presetNames } from '../../reports/paper/presets.js';
import { addMeasuringOptions, wanted } from '../common-options.js';
import { addDatasetOptions } from '../dataset-options.js';
import { exitCodes } from '../errors.js';
import { catchInterrupts } from '../interrupt.js';
import { measureJobs } from '../measure-jobs.js';
import { note, print, printJson } from '../output.js';
import type { RunOptions } from '../plan-one.js';
import { addProfileOption, type ProfileOptions } from '../profile-option.js';
import { describeOutcome } from '../progress.js';
import { addStepOptions } from '../step-options.js';
import { parseCount, parsePair, parsePositive, parseSeed, parseShare } from '../values.js';

export function addRunCommand(program: Command): void {
  const command = program
    .command('run')
    .description('measure one cell and show its record')
    .option('--architecture <name>', 'what mixes the tokens, or a baseline')
    .option('--record <file>', 'the cell of a record, in place of a description by flags')
    .option('--option <name=value>', 'an option of the architecture; repeatable', parsePair, {})
    .addOption(
      new Option('--task <name>')
        .choices(['classification', 'recommendation', 'summarization', 'speed'])
        .default('classification'),
    )
    .option(
      '--dataset <name>',
      'what is learned (classification, recommendation, summarization): one of `list datasets`, or a file of your own',
    )
    .option('--dataset-option <name=value>', 'an option of the dataset; repeatable', parsePair, {})
    .addOption(
      new Option('--preset <name>', 'where sizes that are not given come from')
        .choices(presetNames)
        .default('quick'),
    )
    .option('--seed <n>', 'of parameters, order and dropout', parseSeed, 1)
    .addOption(
      new Option('--mode <name>', 'what is timed (speed)')
        .choices(['inference', 'training'])
        .default('training'),
    );
  addSizeOptions(command);
  command.option(
    '--tokenizer-file <file>',
    'write the subwords as a tokenizer.json of Hugging Face (summarization)',
  );
  addProfileOption(addStepOptions(addMeasuringOptions(addDatasetOptions(command)))).action(runOne);
}

/** Sizes in place of the preset's. */
export function addSizeOptions(command: Command): void {
  const counts = [
    ['--train <n>', 'training examples'],
    ['--validation <n>', 'validation examples'],
    ['--test <n>', 'test examples'],
    [
      '--length <n>',
      'longest sequence, in tokens; of recommendation, of a title; of summarization, of a document',
    ],
    ['--history <n>', 'clicked news read of a user (recommendation)'],
    ['--layers <n>', 'layers; of summarization, of the encoder'],
    ['--hidden <n>', "width of a token's vector"],
    ['--heads <n>', 'heads; divides --hidden'],
    ['--ffn, --feed-forward <n>', 'width of the feed-forward layer'],
    ['--batch <n>', 'sequences in a batch'],
    ['--epochs <n>', 'epochs at most'],
    ['--vocabulary <n>', 'words kept; of summarization, subwords'],
    ['--target-length <n>', 'subwords of a summary (summarization)'],
    ['--decoder-layers <n>', 'layers of the decoder (summarization)'],
    ['--beams <n>', 'summaries kept while one is written, 1 = greedy (summarization)'],
    ['--max-length <n>', 'subwords written at most (summarization)'],
    ['--min-length <n>', 'subwords before a summary may end (summarization)'],
  ] as const;
  for (const [flags, description] of counts) command.option(flags, description, parseCount);
  command.option('--category', 'add a vector of its topic to that of each article (recommendation)', false);
  command.addOption(
    new Option(
      '--decoder-attention <name>',
      'self-attention of the decoder (summarization; default: softmax)',
    ).choices(causalAttentionNames),
  );
  command.option('--no-copy', 'copy nothing from the document (summarization)');
  command.option('--label-smoothing <share>', 'from 0 to 0.5 (summarization)', parseShare);
  command.option(
    '--length-penalty <power>',
    'above 1 favours long summaries, below 1 short ones (summarization)',
    parsePositive,
  );
  command.option('--members <n>', 'models whose scores are averaged (recommendation)', parseCount, 1);
  command.option('--dropout <share>', 'from 0 to 0.9', parseShare);
  command.option('--learning-rate <rate>', 'of Adam', parsePositive);
}

async function runOne(
  options: RunOptions & ProfileOptions & { readonly tokenizerFile?: string },
): Promise<void> {
  const { planOne } = await import('../plan-one.js');
  const { job, dataFolders, pluginFiles } = await planOne(options);
  if (options.profile) {
    const { profileJobs } = await import('../profile.js');
    await profileJobs([job], options, pluginFiles);
    return;
  }
  if (options.tokenizerFile !== undefined) {
    const { writeTokenizer } = await import('../write-tokenizer.js');
    await writeTokenizer(options.tokenizerFile, job.cell, dataFolders);
  }
  const store = await openStore(options.out);
  const interrupt = catchInterrupts();
  const alone = { ...options, workers: 1 }; // One cell has the whole machine.
  try {
    await measureJobs({
      missing: missingJobs([job], store, wanted(alone)),
      store,
      options: alone,
      preset: null,
      dataFolders,
      pluginFiles,
      interrupt,
      deadline: null,
      learnFromRecords: false,
    });
    show(job, store, options, interrupt.signal.aborted);
  } finally {
    interrupt.release();
    await store.close();
  }
}

function show(job: Job, store: Store, options: RunOptions, stopped: boolean): void {
  const record = store.records.get(job.id);
  if (stopped || record === undefined) {
    const next = options.fresh ? 'starts this cell again' : 'goes on with this cell';
    note(`stopped; the same command ${next}`);
    process.exitCode = exitCodes.interrupted;
    return;
  }
  if (options.json) printJson(record);
  else for (const line of describeRecord(record)) print(line);
  if (record.failure !== null && record.failure.kind !== 'did not learn')
    process.exitCode = exitCodes.cellsFailed;
}

function describeRecord(record: RunRecord): string[] {
  const metrics = Object.entries(record.metrics).map(([name, value]) => `  ${name} ${value.toPrecision(4)}`);
  // Its first line is the outcome's.
  const failure =
    record.failure?.message
      .split('\n')
      .slice(1)
      .map((line) => `  ${line}`) ?? [];
  const { trainedTokensPerSecond = null, evaluatedTokensPerSecond = null } = record.throughput ?? {};
  return [
    `${describeCell(record.cell)}: ${describeOutcome(record.cell, record)}`,
    ...metrics,
    ...rateLine('trained', trainedTokensPerSecond),
    ...rateLine('evaluated', evaluatedTokensPerSecond),
    ...failure,
    `  record ${record.id}`,
  ];
}

const rateLine = (what: string, tokensPerSecond: number | null): string[] =>
  tokensPerSecond === null ? [] : [`  ${what} ${thousands(Math.round(tokensPerSecond))} tokens a second`];
