/** `formerbench submission write|check`: the official file for the hidden test part of MIND. */
import { type Command, Option } from 'commander';
import { presetNames } from '../../reports/paper/presets.js';
import { addDataOption, addPluginOption, backendChoices } from '../common-options.js';
import { addDatasetOptions } from '../dataset-options.js';
import { exitCodes } from '../errors.js';
import { note, print, printJson } from '../output.js';
import type { RunOptions } from '../plan-one.js';
import { addStepOptions } from '../step-options.js';
import { parsePair, parseSeed } from '../values.js';
import { addSizeOptions } from './run.js';

export interface SubmissionOptions extends RunOptions {
  readonly to: string;
}

interface CheckOptions {
  readonly dataset?: string;
  readonly data?: string;
  readonly json: boolean;
}

export function addSubmissionCommand(program: Command): void {
  const command = program
    .command('submission')
    .description('the official file for the hidden test part of MIND: `1 [3,1,2]`, a line an impression');
  const write = command
    .command('write')
    .description('train a recommender and rank the hidden test part')
    .requiredOption('--architecture <name>', 'of both encoders')
    .option('--option <name=value>', 'an option of the architecture; repeatable', parsePair, {})
    .option('--dataset <name>', 'the edition; its test part must be here', 'mind-large')
    .option('--to <file>', 'where the ranks go', 'prediction.txt')
    .addOption(new Option('--preset <name>', 'where sizes come from').choices(presetNames).default('laptop'))
    .option('--seed <n>', 'of parameters, order, sampling and dropout', parseSeed, 1)
    .addOption(new Option('--backend <name>', 'what computes').choices(backendChoices).default('auto'));
  addSizeOptions(write);
  addStepOptions(addDataOption(addPluginOption(addDatasetOptions(write)))).action(
    async (options: SubmissionOptions) => {
      const { writeSubmission } = await import('../write-submission.js');
      const { lines, problems } = await writeSubmission(options, note);
      print(`${lines} impressions ranked in ${options.to}`);
      report(problems);
    },
  );
  addDataOption(
    command
      .command('check')
      .description('whether a file can be handed in')
      .argument('<file>', 'such as prediction.txt, plain or gzip')
      .option('--dataset <name>', 'also hold it against the test part of this edition')
      .option('--json', 'one JSON document on stdout', false),
  ).action(check);
}

async function check(file: string, options: CheckOptions): Promise<void> {
  const { checkFile } = await import('../write-submission.js');
  const checked = await checkFile(file, options.dataset ?? null, options.data);
  if (options.json) printJson(checked);
  else print(`${checked.lines} lines, ${checked.wrong} of them wrong`);
  if (!options.json) for (const { line, problem } of checked.problems) print(`line ${line}: ${problem}`);
  if (checked.wrong > 0) process.exitCode = exitCodes.error;
}

function report(problems: readonly { readonly line: number; readonly problem: string }[]): void {
  for (const { line, problem } of problems) note(`line ${line}: ${problem}`);
  if (problems.length > 0) process.exitCode = exitCodes.error;
}
