/**
 * The two Transformers that others are held against: one function, two ways. The default keeps a slice of the attention
 * weights at a time, as fused kernels do today; the textbook form keeps all N x N of them, as the paper's framework did.
 */
import type { ArchitectureChoice, Variant } from './contract.js';

const name = 'transformer';
const textbook = { attention: 'textbook' };

/** What efficiency lengths are counted from. */
export const baselines: readonly [sliced: Variant, textbook: Variant] = [
  { architecture: name },
  { architecture: name, options: textbook },
];

/** Right after each Transformer its textbook form, unless that is what it is. */
export const withTextbook = (chosen: readonly ArchitectureChoice[]): ArchitectureChoice[] =>
  chosen.flatMap((choice) =>
    choice.name === name && choice.options['attention'] !== textbook.attention
      ? [choice, { name, options: { ...choice.options, ...textbook } }]
      : [choice],
  );
