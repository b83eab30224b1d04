/**
 * What an architecture of your own needs: the contract, the layers with closed-form gradients, and the built-in ones.
 */
export type {
  Architecture,
  Citation,
  Cost,
  Mixer,
  MixerContext,
  Sizes,
} from './architectures/contract.js';
export type { Initializer, Scope } from './architectures/scope.js';
export { architectures } from './architectures/index.js';
export { withGradient } from './architectures/layers/custom-gradient.js';
export { denseCost } from './architectures/layers/cost.js';
export { headSelector, mergeHeads, splitHeads } from './architectures/layers/heads.js';
export { paddingBias } from './architectures/layers/masks.js';
export { softmaxAttention } from './architectures/layers/softmax-attention.js';
