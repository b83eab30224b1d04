/** Plugins as a user of the package writes them. */

/** Adds the mean of the real tokens to every token. */
export const pluginSource = `import type { Architecture } from 'formerbench';
import { paddingBias } from 'formerbench';
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';

const options = z.strictObject({ scale: z.number().default(1) });

const meanMixer: Architecture<typeof options> = {
  name: 'mean-mixer',
  title: 'Mean of all tokens',
  citation: { authors: 'A. Author', title: 'A title', year: 2020, url: 'https://example.org' },
  complexity: 'O(N)',
  options,
  supports: { causal: false, crossAttention: false, lengthBoundAtBuild: false, permutationEquivariant: true },
  deviations: [],
  cost: () => ({ parameters: 0, multiplyAdds: 0, activationBytes: 0 }),
  create:
    (_scope, _sizes, { scale }) =>
    (x, { mask }) => {
      const weights = tf.softmax(tf.expandDims(paddingBias(mask), 1));
      return tf.add(x, tf.mul(scale, tf.matMul(weights, x)));
    },
};
export default meanMixer;
`;

/** Its mixer gives a text where tokens are due. */
export const brokenPluginSource = pluginSource.replace(/return .*;/, "return 'tokens';");
