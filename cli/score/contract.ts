/** What `score` needs to know of a kind of predictions. */
import type { z } from 'zod';

/** By metric name, fractions of 1 (mcc from -1 to 1). */
export type Values = Readonly<Record<string, number>>;

export interface ScoreOptions {
  /** Whether ROUGE compares word stems. */
  readonly stemmer: boolean;
}

/**
 * @typeParam Line - what a line of the file holds
 * @typeParam Scored - what is kept of a line, all that the metrics of a file are computed from
 */
export interface Scoring<Line, Scored> {
  readonly line: z.ZodType<Line>;
  /** What a line looks like, for messages. */
  readonly example: string;
  /** @throws with the reason when nothing can be computed from the line */
  readonly score: (line: Line, options: ScoreOptions) => Scored;
  /** A line's own values. */
  readonly each: (scored: Scored) => Readonly<Record<string, string | number>>;
  /** Of a whole file, or of lines drawn from it: never none. */
  readonly metrics: (lines: readonly Scored[]) => Values;
}

/** The mean over lines of each of their values. */
export function meanValues(lines: readonly Values[]): Values {
  const names = Object.keys(lines[0] ?? {});
  const meanOf = (name: string) =>
    lines.reduce((total, values) => total + (values[name] as number), 0) / lines.length;
  return Object.fromEntries(names.map((name) => [name, meanOf(name)]));
}
