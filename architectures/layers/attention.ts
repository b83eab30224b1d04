/** Softmax attention of several heads with its dense layers (Vaswani et al., arXiv 1706.03762, section 3.2.2). */
import type { Tensor3D } from '@tensorflow/tfjs-core';
import type { Scope } from '../scope.js';
import { mergeHeads, splitHeads } from './heads.js';
import { softmaxAttention } from './softmax-attention.js';

/** Each [rows * H, length, d]. */
export interface KeysAndValues {
  readonly keys: Tensor3D;
  readonly values: Tensor3D;
}

/** What is read and who reads it may be different sequences. */
export interface Attention {
  /** [B, M, D] */
  read(x: Tensor3D): KeysAndValues;
  /** @param x - [B, N, D]; the biases are those of `softmaxAttention` @returns [B, N, D] */
  attend(x: Tensor3D, read: KeysAndValues, keyBias: Tensor3D, pairBias?: Tensor3D): Tensor3D;
}

type Dense = (x: Tensor3D) => Tensor3D;

/** Parameters: `query`, `key`, `value`, `output` [D, D], with biases. */
export function createAttention(scope: Scope, hidden: number, heads: number): Attention {
  const [query, key, value, output] = ['query', 'key', 'value', 'output'].map((name) =>
    scope.dense(name, hidden, hidden),
  ) as [Dense, Dense, Dense, Dense];
  return {
    read: (x) => ({ keys: splitHeads(key(x), heads), values: splitHeads(value(x), heads) }),
    attend: (x, { keys, values }, keyBias, pairBias) =>
      output(
        mergeHeads(softmaxAttention(splitHeads(query(x), heads), keys, values, keyBias, pairBias), heads),
      ),
  };
}
