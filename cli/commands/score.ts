/** `formerbench score classification|ranking|rouge FILE`: metrics of anyone's predictions, as the tables compute them. */
import { Argument, type Command } from 'commander';
import { UsageError } from '../errors.js';
import { alignColumns, print, printJson } from '../output.js';
import type { FileOptions, FileScores } from '../score/score-file.js';

const kinds = ['classification', 'ranking', 'rouge'] as const;
type Kind = (typeof kinds)[number];

interface Options extends FileOptions {
  readonly json: boolean;
}

const help = `
A line of FILE is one JSON object:
  classification  {"label": "spam", "prediction": "ham"}
  ranking         {"impression": 1, "labels": [0, 1, 0], "scores": [0.2, 0.9, 0.1]}, or "ranks": [2, 1, 3]
  rouge           {"target": "...", "prediction": "..."}, or "targets": ["...", "..."], the best of which counts

All metrics are fractions of 1. Rouge is the F measure; rougeLsum takes each line of a text (\\n) for a sentence.`;

export function addScoreCommand(program: Command): void {
  program
    .command('score')
    .description("metrics of anyone's predictions: accuracy, macro F1, mcc; AUC, MRR, nDCG; ROUGE")
    .addArgument(new Argument('<kind>', 'what was predicted').choices(kinds))
    .argument('<file>', 'one JSON object a line, plain or gzip; - for standard input')
    .option('--each', 'also the values of each line, in order', false)
    .option('--interval', 'also 95 % intervals, by drawing lines again', false)
    .option('--stemmer', 'rouge: compare word stems', false)
    .option('--json', 'one JSON document on stdout', false)
    .addHelpText('after', help)
    .action(score);
}

async function score(kind: Kind, file: string, options: Options): Promise<void> {
  if (options.stemmer && kind !== 'rouge') throw new UsageError(`--stemmer is for rouge, not ${kind}`);
  const { scoreFile } = await import('../score/score-file.js');
  const scores = await scoreFile[kind](file, options);
  if (options.json) printJson(scores);
  else for (const line of describe(scores)) print(line);
}

/** Each line's values first, so that the metrics stay in sight. */
function describe({ n, metrics, intervals, each = [] }: FileScores): string[] {
  const rows = Object.entries(metrics).map(([name, value]) => {
    const interval = intervals?.[name];
    return [name, text(value), interval === undefined ? '' : `${text(interval[0])} to ${text(interval[1])}`];
  });
  const names = Object.keys(each[0] ?? {});
  const cell = (name: string, value: string | number = '') =>
    typeof value === 'number' && name in metrics ? text(value) : String(value);
  const values = each.map((line, i) => [String(i + 1), ...names.map((name) => cell(name, line[name]))]);
  return [
    ...(each.length === 0 ? [] : [...alignColumns([['n', ...names], ...values]), '']),
    ...alignColumns(rows),
    `over ${n} ${n === 1 ? 'line' : 'lines'}${intervals === undefined || intervals === null ? '' : '; intervals of 95 %'}`,
  ];
}

const text = (value: number): string => value.toFixed(4);
