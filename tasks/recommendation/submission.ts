/**
 * The official file for MIND's hidden test part: a line an impression, its id and the rank of each candidate in the order
 * of the candidates, 1 the best.
 *
 *     1 [3,1,2]
 *
 * The script that scores it takes a blank inside the brackets, another id or a rank below 1 for an error, so all are
 * checked here first.
 */
import { risingOrder } from './metrics.js';

/** Rank of each candidate; among equal scores the later one ranks first, as in the metrics. */
export function ranksOf(scores: readonly number[]): number[] {
  const ranks = scores.map(() => 0);
  for (const [place, candidate] of risingOrder(scores).entries()) ranks[candidate] = scores.length - place;
  return ranks;
}

export const submissionLine = (impression: string, scores: readonly number[]): string =>
  `${impression} [${ranksOf(scores).join(',')}]`;

/** What a line must be of. */
export interface ExpectedImpression {
  readonly id: string;
  readonly candidates: { readonly length: number };
}

const linePattern = /^(\S+) \[(\d+(?:,\d+)*)\]$/;

/**
 * What is wrong with a line, in words; null when nothing is.
 * @param expected - the impression that should stand there; undefined where only the format is known
 */
export function lineProblem(line: string, expected?: ExpectedImpression): string | null {
  const [, id, list] = linePattern.exec(line) ?? [];
  if (id === undefined || list === undefined)
    return 'it is not of the form `1 [3,1,2]`, without blanks in the brackets';
  const ranks = list.split(',').map(Number);
  if (expected !== undefined && id !== expected.id) return `it is of impression ${id}, not ${expected.id}`;
  if (expected !== undefined && ranks.length !== expected.candidates.length)
    return `it has ${ranks.length} ranks for ${expected.candidates.length} candidates`;
  const sorted = ranks.toSorted((a, b) => a - b);
  const wrong = sorted.findIndex((rank, place) => rank !== place + 1);
  return wrong < 0 ? null : `its ranks are not each of 1 to ${ranks.length} once`;
}

export interface SubmissionCheck {
  readonly lines: number;
  /** The first ones, by line. */
  readonly problems: readonly { readonly line: number; readonly problem: string }[];
  readonly wrong: number;
}

const problemsListed = 20;

/** @param expected - the impressions of the hidden part, in order; null where they are not here */
export async function checkSubmission(
  lines: AsyncIterable<string>,
  expected: readonly ExpectedImpression[] | null,
): Promise<SubmissionCheck> {
  const problems: { line: number; problem: string }[] = [];
  let [count, wrong] = [0, 0];
  const note = (line: number, problem: string) => {
    wrong += 1;
    if (problems.length < problemsListed) problems.push({ line, problem });
  };
  for await (const line of lines) {
    const impression = expected?.[count];
    count += 1;
    if (expected !== null && impression === undefined) note(count, 'there is no such impression any more');
    else {
      const problem = lineProblem(line, impression);
      if (problem !== null) note(count, problem);
    }
  }
  if (expected !== null && count < expected.length)
    note(count + 1, `it is missing, and ${expected.length - count - 1} more`);
  if (count === 0 && expected === null) note(1, 'the file is empty');
  return { lines: count, problems, wrong };
}
