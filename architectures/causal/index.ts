/** The kinds of self-attention that a decoder may have. */
import type { CausalAttentionName, CreateCausalAttention } from './contract.js';
import { causalFastformer } from './fastformer.js';
import { causalLinear } from './linear.js';
import { causalPerformer } from './performer.js';
import { causalSoftmax } from './softmax.js';
import { causalTransformerXl } from './transformer-xl.js';

export const causalAttentions: Readonly<Record<CausalAttentionName, CreateCausalAttention>> = {
  softmax: causalSoftmax,
  fastformer: causalFastformer,
  linear: causalLinear,
  performer: causalPerformer,
  'transformer-xl': causalTransformerXl,
};
