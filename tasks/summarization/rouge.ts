/**
 * ROUGE (Lin, ROUGE: A Package for Automatic Evaluation of Summaries, 2004): how much of a target text a prediction
 * covers. Equal to Google's `rouge_score` 0.1.2. All are fractions of 1.
 *
 *     precision = hits / what the prediction has    recall = hits / what the target has    F = 2 P R / (P + R)
 *
 * | name      | hits                                                                                               |
 * |-----------|----------------------------------------------------------------------------------------------------|
 * | rouge1, 2 | n-grams in both, each as often as in the side that has it less often                               |
 * | rougeL    | tokens of a longest common subsequence of the whole texts                                          |
 * | rougeLsum | tokens of each target line that are in its common subsequence with any line of the prediction,     |
 * |           | each token as often as the whole prediction has it                                                 |
 *
 * A line of rougeLsum ends at `\n`: who wants sentences puts one on each line.
 */
import { commonLength, commonPositions } from './common-subsequence.js';
import { porterStem } from './porter-stemmer.js';

export const rougeNames = ['rouge1', 'rouge2', 'rougeL', 'rougeLsum'] as const;
export type RougeName = (typeof rougeNames)[number];

export interface RougeScore {
  readonly precision: number;
  readonly recall: number;
  readonly f: number;
}

export type RougeScores = Readonly<Record<RougeName, RougeScore>>;

export interface RougeOptions {
  /** Whether tokens of more than three letters are compared by their Porter stems. */
  readonly stemmer: boolean;
}

/**
 * A pair of texts may have this many tokens of the target times tokens of the prediction (two texts of 8192): a
 * subsequence takes that many steps and, in four bytes each, that much memory.
 */
const largestTable = 2 ** 26;

/** @throws when the texts are so long that a common subsequence is out of reach */
export function rouge(target: string, prediction: string, options: RougeOptions): RougeScores {
  const number = numbering();
  const lines = (text: string) => text.split('\n').map((line) => rougeTokens(line, options).map(number));
  const [targetLines, predictionLines] = [lines(target), lines(prediction)];
  const [a, b] = [targetLines.flat(), predictionLines.flat()];
  if (a.length * b.length > largestTable) {
    throw new Error(
      `ROUGE of a target of ${a.length} tokens and a prediction of ${b.length} takes too long: their product may be ${largestTable} at most`,
    );
  }
  return {
    rouge1: score(sharedCount(a, b), b.length, a.length),
    rouge2: score(sharedCount(bigrams(a), bigrams(b)), b.length - 1, a.length - 1),
    rougeL: score(commonLength(a, b), b.length, a.length),
    rougeLsum: score(unionHits(targetLines, predictionLines), b.length, a.length),
  };
}

/** Several targets of one prediction: for each name the target with the largest F, the first of equals. */
export function rougeOfBest(
  targets: readonly string[],
  prediction: string,
  options: RougeOptions,
): RougeScores {
  const [first, ...others] = targets.map((target) => rouge(target, prediction, options));
  if (first === undefined) throw new Error('there is no target to compare with');
  const best = { ...first };
  for (const other of others) {
    for (const name of rougeNames) if (other[name].f > best[name].f) best[name] = other[name];
  }
  return best;
}

/** Runs of a-z and 0-9 of the text in lower case; every other character, accented letters too, only separates. */
export function rougeTokens(text: string, { stemmer }: RougeOptions): string[] {
  const tokens = text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return stemmer ? tokens.map((token) => (token.length > 3 ? porterStem(token) : token)) : tokens;
}

/** A small number for each different token. */
function numbering(): (token: string) => number {
  const numbers = new Map<string, number>();
  return (token) => {
    const known = numbers.get(token) ?? numbers.size;
    numbers.set(token, known);
    return known;
  };
}

const bigrams = (tokens: readonly number[]): string[] =>
  tokens.slice(1).map((token, i) => `${tokens[i] as number} ${token}`);

function countsOf<T>(items: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}

/** Takes one of an item away, if there is one left. */
function take<T>(left: Map<T, number>, item: T): boolean {
  const count = left.get(item) ?? 0;
  if (count > 0) left.set(item, count - 1);
  return count > 0;
}

/** How many items the two have in common, repeated ones as often as both have them. */
function sharedCount<T>(a: readonly T[], b: readonly T[]): number {
  const left = countsOf(a);
  return b.filter((item) => take(left, item)).length;
}

/** Tokens of the target that are in the union of common subsequences, each as often as the prediction has it. */
function unionHits(
  target: readonly (readonly number[])[],
  prediction: readonly (readonly number[])[],
): number {
  const left = countsOf(prediction.flat());
  const hits = target.flatMap((line) => {
    const union = new Set(prediction.flatMap((other) => commonPositions(line, other)));
    return line.filter((token, position) => union.has(position) && take(left, token));
  });
  return hits.length;
}

function score(hits: number, inPrediction: number, inTarget: number): RougeScore {
  const precision = hits / Math.max(1, inPrediction);
  const recall = hits / Math.max(1, inTarget);
  const f = hits === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  return { precision, recall, f };
}
