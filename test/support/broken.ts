/** Copies of Fastformer with one thing wrong, for checks to find. */
import type { Architecture } from '../../architectures/contract.js';
import { fastformer } from '../../architectures/fastformer.js';
import { measures } from '../../harness/conformance/kit.js';
import { failing } from './architecture-suite.js';

const whole = fastformer as unknown as Architecture;

/** Fastformer with other properties. */
export const changed = (changes: Partial<Architecture>): Architecture => ({ ...whole, ...changes });

type Mixer = ReturnType<Architecture['create']>;

/** Fastformer whose mixer is wrapped. */
export const wrapped = (wrap: (mixer: Mixer) => Mixer): Architecture =>
  changed({ create: (scope, sizes, options) => wrap(whole.create(scope, sizes, options)) });

/** What is left when training and all option values, which take longest, are not tried. */
const quick = measures.filter(
  ({ names }) => !names.some((name) => /^training|^options at their bounds/.test(name)),
);

/** The checks that fail, of those that are quick. */
export const quicklyFailing = (architecture: Architecture): Promise<string[]> => failing(architecture, quick);
