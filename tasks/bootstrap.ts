/** What a mean could have been on other examples of the kind: the percentile bootstrap. */
import { stream, uniform } from '../architectures/random.js';

const draws = 1_000;

/**
 * 95 % intervals of the means of some columns, drawing whole rows again.
 * @param columns - of one length each: a value of each example
 * @param examples - what they are, which names the draws: the same for every model
 */
export function drawAgain(columns: readonly (readonly number[])[], examples: string): [number, number][] {
  const random = stream(1, 'bootstrap', examples);
  const size = columns[0]?.length ?? 0;
  const means = columns.map(() => new Float64Array(draws));
  for (let draw = 0; draw < draws; draw++) {
    const sums = new Float64Array(columns.length);
    for (let n = 0; n < size; n++) {
      const chosen = Math.floor(uniform(random) * size);
      for (const [i, column] of columns.entries()) sums[i] = (sums[i] as number) + (column[chosen] as number);
    }
    for (const [i, mean] of means.entries()) mean[draw] = (sums[i] as number) / size;
  }
  return means.map((values) => {
    const sorted = values.toSorted();
    const at = (share: number) => sorted[Math.round(share * (draws - 1))] as number;
    return [at(0.025), at(0.975)];
  });
}
