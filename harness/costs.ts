/** Exact counts of a built model. */
import type { Parameters } from '../architectures/scope.js';

/** Trainable numbers. */
export const countParameters = (parameters: Parameters): number =>
  [...parameters.variables.values()].reduce((sum, variable) => sum + variable.size, 0);
