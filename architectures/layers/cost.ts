/** What a dense layer costs, for the architectures' `cost`. */

/**
 * @param rows - tokens it is applied to
 * @param count - how many such layers, each with a bias
 */
export function denseCost(
  rows: number,
  inputs: number,
  outputs: number,
  count = 1,
): { parameters: number; multiplyAdds: number } {
  return { parameters: count * (inputs + 1) * outputs, multiplyAdds: count * rows * inputs * outputs };
}
