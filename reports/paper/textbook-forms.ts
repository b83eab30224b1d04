/**
 * Architectures that stand in a comparison of speed twice: one function, two ways. The default does less, or keeps less,
 * for the same result; the textbook form goes by the equations as published.
 */
import type { ArchitectureChoice, Variant } from './contract.js';

/** The Transformer's keeps all N x N attention weights, not a slice of them at a time; Fastformer's projects every token. */
const forms: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  transformer: { attention: 'textbook' },
  fastformer: { form: 'textbook' },
};

const both = (name: string): readonly [asIs: Variant, textbook: Variant] => [
  { architecture: name },
  { architecture: name, options: { ...forms[name] } },
];

/** What efficiency lengths are counted from. */
export const transformers = both('transformer');

export const fastformers = both('fastformer');

/** Right after each architecture that has one its textbook form, unless that is what it is. */
export const withTextbook = (chosen: readonly ArchitectureChoice[]): ArchitectureChoice[] =>
  chosen.flatMap((choice) => {
    const textbook = { ...choice.options, ...forms[choice.name] };
    const same = Object.entries(textbook).every(([option, value]) => choice.options[option] === value);
    return same ? [choice] : [choice, { name: choice.name, options: textbook }];
  });
