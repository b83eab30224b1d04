/** Adam in plain numbers, as an oracle. */

/** Algorithm 1 of Kingma and Ba, for one number, after clipping and with decoupled decay. */
export function plainAdam(start: number, gradients: readonly number[], rate: number, decay = 0): number {
  let [value, first, second] = [start, 0, 0];
  gradients.forEach((gradient, i) => {
    first = 0.9 * first + 0.1 * gradient;
    second = 0.999 * second + 0.001 * gradient ** 2;
    const [unbiasedFirst, unbiasedSecond] = [first / (1 - 0.9 ** (i + 1)), second / (1 - 0.999 ** (i + 1))];
    value = value * (1 - rate * decay) - (rate * unbiasedFirst) / (Math.sqrt(unbiasedSecond) + 1e-8);
  });
  return value;
}

export const gradients = [0.5, -0.25, 2, 0.001, 0, -3, 0.1];
