/** A file of predictions in, its metrics out. */
import type { Interval } from '../../reports/statistics/index.js';
import { CliError } from '../errors.js';
import { classificationScoring } from './classification.js';
import type { ScoreOptions, Scoring, Values } from './contract.js';
import { readObjects } from './lines.js';
import { rankingScoring } from './ranking.js';
import { rougeScoring } from './rouge.js';

export interface FileOptions extends ScoreOptions {
  /** Also the values of each line. */
  readonly each: boolean;
  /** Also an interval of each metric. */
  readonly interval: boolean;
}

export interface FileScores {
  /** Lines scored. */
  readonly n: number;
  readonly metrics: Values;
  /** By metric name; null for one line. */
  readonly intervals?: Readonly<Record<string, Interval>> | null;
  readonly each?: readonly Readonly<Record<string, string | number>>[];
}

/** Files of each kind are scored by their own function, since each kind keeps something else of a line. */
export const scoreFile = {
  classification: (file: string, options: FileOptions) => scoreBy(classificationScoring(), file, options),
  ranking: (file: string, options: FileOptions) => scoreBy(rankingScoring(), file, options),
  rouge: (file: string, options: FileOptions) => scoreBy(rougeScoring(), file, options),
};

/** @throws CliError when a line cannot be used or there is none */
async function scoreBy<Line, Scored>(
  scoring: Scoring<Line, Scored>,
  file: string,
  options: FileOptions,
): Promise<FileScores> {
  const lines: Scored[] = [];
  const read = (line: Line) => scoring.score(line, options);
  for await (const scored of readObjects(file, scoring.line, scoring.example, read)) lines.push(scored);
  if (lines.length === 0) throw new CliError(`${file} holds no lines. A line looks like ${scoring.example}`);
  return {
    n: lines.length,
    metrics: scoring.metrics(lines),
    ...(options.interval ? { intervals: await intervals(lines, scoring.metrics) } : {}),
    ...(options.each ? { each: lines.map(scoring.each) } : {}),
  };
}

async function intervals<Scored>(lines: readonly Scored[], metrics: Scoring<never, Scored>['metrics']) {
  const { intervalsOf } = await import('./interval.js');
  return intervalsOf(lines, metrics);
}
