/** Ticks of a logarithmic axis at 1, 2 and 5 times the powers of ten: few, and all of them labelled. */

export interface LogTicks {
  readonly domain: [number, number];
  readonly values: number[];
}

/**
 * @param values - positive
 * @param room - above the largest, as a factor; for labels
 */
export function logTicks(values: readonly number[], room = 1.25): LogTicks {
  const domain: [number, number] = [Math.min(...values) / 1.25, Math.max(...values) * room];
  const first = Math.floor(Math.log10(domain[0]));
  const last = Math.ceil(Math.log10(domain[1]));
  const ticks = Array.from({ length: last - first + 1 }, (_, i) =>
    [1, 2, 5].map((step) => decimal(step, first + i)),
  )
    .flat()
    .filter((tick) => tick >= domain[0] && tick <= domain[1]);
  // Over more than two decades the powers of ten are enough.
  const powers = ticks.filter((tick) => Number.isInteger(Math.round(Math.log10(tick) * 1e9) / 1e9));
  return { domain, values: powers.length > 3 ? powers : ticks };
}

/** 2 x 10^-3 as 0.002, not as 0.0020000000000000001. */
const decimal = (step: number, exponent: number): number => Number(`${step}e${exponent}`);
