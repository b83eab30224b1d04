/**
 * The conformance kit: what every architecture has to satisfy, as named checks with what was measured and allowed.
 */
import type { Architecture } from '../../architectures/contract.js';
import { messageOf } from '../errors.js';
import type { Check } from './check.js';
import { checkCounts } from './counts.js';
import { checkGolden } from './golden.js';
import type { Golden } from './golden-file.js';
import { checkGradients } from './gradients.js';
import { checkGrowth } from './growth.js';
import { checkLeaks } from './leaks.js';
import { checkLearning } from './learning.js';
import { checkOptionNames, checkOptionValues } from './options.js';
import { checkCausality, checkPermutation, checkRows } from './order.js';
import { checkFullyPadded, checkPadding } from './padding.js';
import { checkSeeds } from './seeds.js';
import { checkLengths, checkShapes } from './shapes.js';

/** Measures one thing, or a few at once. */
export interface Measure {
  /** The names of its checks, as far as they are known before it has run: a measure that throws fails them all. */
  readonly names: readonly string[];
  run(architecture: Architecture): Check[] | Promise<Check[]>;
}

/** In the order of the page. */
export const measures: readonly Measure[] = [
  { names: ['shapes over odd sizes'], run: checkShapes },
  { names: ['lengths that are no multiple of a block'], run: checkLengths },
  {
    names: ['padding never reaches a real token', 'padding never reaches a gradient'],
    run: (architecture) => checkPadding(architecture),
  },
  { names: ['a fully padded row stays finite'], run: (architecture) => checkFullyPadded(architecture) },
  { names: ['batch rows are independent'], run: checkRows },
  { names: ['causal where declared'], run: checkCausality },
  { names: ['permutation behaviour is as declared'], run: checkPermutation },
  { names: ['gradients agree with finite differences'], run: checkGradients },
  { names: ['no tensor leaks'], run: checkLeaks },
  { names: ['same seed, same parameters', 'another seed, other parameters'], run: checkSeeds },
  {
    names: [
      'declared parameters are the counted',
      'declared multiply-adds are the counted',
      'declared activation bytes are the counted',
    ],
    run: (architecture) => checkCounts(architecture),
  },
  {
    names: [
      'multiply-adds grow as the complexity says',
      'peak tensor bytes grow as the complexity says',
      'bytes written grow as the complexity says',
    ],
    run: checkGrowth,
  },
  { names: ['unknown options are refused, defaults accepted'], run: checkOptionNames },
  { names: ['options at their bounds work or are refused'], run: checkOptionValues },
  { names: ['training lowers the loss'], run: checkLearning },
];

/** Agreement with each of these. */
export const goldenMeasures = (golden: readonly Golden[]): Measure[] =>
  golden.map((each) => ({
    names: [`golden outputs: ${each.case}`, `golden gradients: ${each.case}`],
    run: (architecture) => checkGolden(architecture, each),
  }));

/** All checks, in order; a check that throws has failed, with its message. */
export async function checkArchitecture(
  architecture: Architecture,
  golden: readonly Golden[],
  chosen: readonly Measure[] = measures,
): Promise<Check[]> {
  const checks: Check[] = [];
  for (const measure of [...chosen, ...goldenMeasures(golden)]) {
    try {
      checks.push(...(await measure.run(architecture)));
    } catch (error) {
      const failed = { passed: false, measured: NaN, allowed: 0, detail: messageOf(error) };
      checks.push(...measure.names.map((name) => ({ name, ...failed })));
    }
  }
  return checks;
}
