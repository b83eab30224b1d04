/** Options: what is unknown is refused, defaults are accepted, and every value at the edge works or is refused. */
import type { Architecture, Sizes } from '../../architectures/contract.js';
import { createParameters } from '../../architectures/scope.js';
import { messageOf } from '../errors.js';
import { describeOptions } from '../option-schema.js';
import type { OptionInfo, OptionValue } from '../option-schema.js';
import { limit } from './check.js';
import type { Check } from './check.js';
import { checkCounts } from './counts.js';
import { checkAllGradients } from './gradients.js';
import { checkFullyPadded, checkPadding } from './padding.js';
import { preset } from './preset.js';
import { shortSizes } from './subject.js';

/** Defaults are valid, and an option that does not exist is refused. */
export function checkOptionNames(architecture: Architecture): Check[] {
  const accepted = architecture.options.safeParse({}).success;
  const refused = !architecture.options.safeParse({ 'no such option': 1 }).success;
  const wrong = (accepted ? 0 : 1) + (refused ? 0 : 1);
  return [
    limit('unknown options are refused, defaults accepted', wrong, 0, 'use z.strictObject with defaults'),
  ];
}

/** Shorter than most blocks, and several of them. */
const sizesToTry: readonly Sizes[] = [shortSizes, { length: 64, hidden: 12, heads: 2 }];

/**
 * Each option by itself at every choice and at both bounds: the mixer keeps padding out, stays finite, costs what it
 * declares and has the right gradient, or is refused when created, with a reason.
 */
export function checkOptionValues(architecture: Architecture): Check[] {
  const variants = describeOptions(architecture.options).flatMap((option) =>
    valuesToTry(option).map((value) => ({ option: option.name, value })),
  );
  const results = variants.map(({ option, value }) => {
    const named = `${option}=${String(value)}`;
    return { named, ...tryValue(architecture, option, value) };
  });
  const wrong = results.flatMap(({ named, problem }) => (problem === null ? [] : [`${named}: ${problem}`]));
  const refused = results.filter((result) => result.refused).map(({ named }) => named);
  const told = refused.length === 0 ? '' : `, refused: ${refused.join(', ')}`;
  const detail = wrong.length === 0 ? `${variants.length} values${told}` : wrong.join('; ');
  return [limit('options at their bounds work or are refused', wrong.length, 0, detail)];
}

/** All choices and both bounds, without the default. */
function valuesToTry({ type, choices, minimum, maximum, default: preset }: OptionInfo): OptionValue[] {
  const values = choices ?? (type === 'boolean' ? [false, true] : [minimum, maximum]);
  return [...new Set(values)].filter((value) => value !== null && value !== preset);
}

interface Trial {
  /** Null when all is well. */
  readonly problem: string | null;
  readonly refused: boolean;
}

function tryValue(architecture: Architecture, option: string, value: OptionValue): Trial {
  if (!architecture.options.safeParse({ [option]: value }).success) return { problem: null, refused: true };
  const variant = preset(architecture, { [option]: value });
  let refused = false;
  for (const sizes of sizesToTry) {
    const refusal = refusalOf(variant, sizes);
    if (refusal !== null) {
      refused = true;
      if (isClear(refusal, option)) continue;
      return { problem: `refused without saying that it is ${option}: ${messageOf(refusal)}`, refused };
    }
    const problem = problemOf(variant, option, sizes);
    if (problem !== null) return { problem: `length ${sizes.length}: ${problem}`, refused };
  }
  return { problem: null, refused };
}

/** What `create` throws, if anything. */
function refusalOf(architecture: Architecture, sizes: Sizes): unknown {
  const parameters = createParameters(1);
  try {
    architecture.create(parameters.scope, sizes, architecture.options.parse({}));
    return null;
  } catch (error) {
    return error;
  } finally {
    parameters.dispose();
  }
}

/** An Error that names the option, and not one that the language throws. */
const isClear = (refusal: unknown, option: string): boolean =>
  refusal instanceof Error && refusal.constructor !== TypeError && refusal.message.includes(option);

/**
 * The first check that fails, or the message of what was thrown. An option named `padding` is about what padding may do,
 * which a published implementation may have got wrong: its values need not keep padding out.
 */
function problemOf(variant: Architecture, option: string, sizes: Sizes): string | null {
  try {
    const checks = [
      ...checkFullyPadded(variant, [sizes]),
      ...(option === 'padding' ? [] : checkPadding(variant, [sizes])),
      ...checkCounts(variant, [sizes]),
      checkAllGradients(variant, sizes),
    ];
    const failed = checks.find(({ passed }) => !passed);
    if (failed === undefined) return null;
    const { name, measured, allowed, detail } = failed;
    return `'${name}' fails with ${measured} of ${allowed} (${detail})`;
  } catch (error) {
    return messageOf(error);
  }
}
