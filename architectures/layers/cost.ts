/** What the parts of a mixer cost, for the architectures' `cost`. */
import type { Cost } from '../contract.js';

/**
 * Dense layers.
 *
 * @param rows - tokens they are applied to
 * @param count - how many such layers, each with a bias
 */
export function denseCost(rows: number, inputs: number, outputs: number, count = 1): Cost {
  return {
    parameters: count * (inputs + 1) * outputs,
    multiplyAdds: count * rows * inputs * outputs,
    activationBytes: count * 4 * rows * outputs,
  };
}

const nothing: Cost = { parameters: 0, multiplyAdds: 0, activationBytes: 0 };

/** The sum of the costs of the parts of a mixer. */
export function addCosts(...parts: readonly Partial<Cost>[]): Cost {
  return parts.reduce<Cost>(
    (sum, part) => ({
      parameters: sum.parameters + (part.parameters ?? 0),
      multiplyAdds: sum.multiplyAdds + (part.multiplyAdds ?? 0),
      activationBytes: sum.activationBytes + (part.activationBytes ?? 0),
    }),
    nothing,
  );
}

/** Of a product [rows, inner] . [inner, columns] of two activations, `count` times: no parameters. */
export const productCost = (rows: number, inner: number, columns: number, count = 1): Cost => ({
  parameters: 0,
  multiplyAdds: count * rows * inner * columns,
  activationBytes: count * 4 * rows * columns,
});

/** Softmax attention of `queries` to `keys`, all heads: scores, where the key bias is one more feature, and values. */
export const attentionCost = (queries: number, keys: number, hidden: number, heads: number): Cost =>
  addCosts(
    productCost(queries, hidden / heads + 1, keys, heads),
    productCost(queries, keys, hidden / heads, heads),
  );
