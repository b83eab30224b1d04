/**
 * Gradients against finite differences, for the input and every parameter, in float32.
 *
 * Along a random direction v, (f(p + hv) - f(p - hv)) / 2h is compared with grad . v, for f = sum(y * w) with random w. A
 * number of v is about 1, so grad . v is about as large as the gradient is long, and the difference is told as a share
 * of that length. With h = 0.001 and float32 a right gradient is within a few 0.001; 0.02 is allowed.
 *
 * What a mixer selects (a maximum, the buckets of a hash) has kinks and jumps. A token that meets one on its way is left
 * out of f: its y(p + hv) + y(p - hv) - 2 y(p) is not small beside y(p + hv) - y(p - hv). Where that is most tokens, or the
 * difference is too large, a shorter h is tried; the median of three directions counts. A wrong gradient stays wrong.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Variable } from '@tensorflow/tfjs-core';
import type { Architecture, Sizes } from '../../architectures/contract.js';
import { normals } from '../../architectures/random.js';
import { limit, worstOf } from './check.js';
import type { Check, Finding } from './check.js';
import { preset } from './preset.js';
import { createSubject, longSizes, maskOf, objectiveWeights, randomTokens, runBothWays } from './subject.js';
import type { Pass, Subject } from './subject.js';

const steps = [1e-3, 1e-4, 1e-5];
const allowed = 0.02;
const name = 'gradients agree with finite differences';

/** A parameter whose gradient is a smaller share than this of all gradients together is measured by that share. */
const leastShare = 0.003;

/**
 * Of the parameters. Larger ones make exponentials so steep that what implementations take as a constant on purpose (the
 * maximum that random features subtract) is no longer one.
 */
const deviation = 0.1;

/** A token whose path bends more than this share of its change has met a kink or a jump. */
const leastBend = 0.05;

/** Each tensor by itself on a few tokens; all at once on a long input. */
export function checkGradients(architecture: Architecture): Check[] {
  const short = differences(architecture, { length: 9, hidden: 12, heads: 3 }, apart);
  const longest = differences(architecture, longSizes, together);
  // Of a long list that is sorted by hash, every step of float32 reorders too much; of a shorter one not.
  const long = longest.some(({ error }) => Number.isNaN(error))
    ? differences(architecture, { ...longSizes, length: 131 }, together)
    : longest;
  const worst = worstOf([...short, ...long]);
  return [
    limit(
      name,
      worst.error,
      allowed,
      `${short.length} tensors, and ${long[0]?.where ?? ''}; worst: ${worst.where}`,
    ),
  ];
}

/** All tensors at once, on one size: one number for each variant of an architecture. */
export function checkAllGradients(architecture: Architecture, sizes: Sizes): Check {
  const { error, where } = worstOf(differences(architecture, sizes, together));
  return limit(name, error, allowed, where);
}

/** What is moved together: variables by name. */
type Group = ReadonlyMap<string, Variable>;
type Grouping = (places: Group) => readonly (readonly [name: string, group: Group])[];

const apart: Grouping = (places) =>
  [...places].map(([place, variable]) => [place, new Map([[place, variable]])]);
const together: Grouping = (places) => [['all at once', places]];

function differences(architecture: Architecture, sizes: Sizes, grouping: Grouping): Finding[] {
  const subject = createSubject(flowing(architecture), sizes, 1, deviation);
  const input = tf.tidy(() => tf.variable(randomTokens(2, sizes, 2)));
  const findings: Finding[] = [];
  try {
    tf.tidy(() => {
      const mask = maskOf([sizes.length, Math.ceil((2 * sizes.length) / 3)], sizes.length);
      // What is put out for padding is nobody's concern.
      const keep = tf.reshape(mask, [2, sizes.length, 1]);
      const weights = tf.mul(objectiveWeights([2, sizes.length, sizes.hidden]), keep);
      const setting = { subject, input, mask, weights, middle: runBothWays(subject, input, mask, weights) };
      const { gradients } = setting.middle;
      const all = lengthOf([...gradients.values()]);
      for (const [place, group] of grouping(new Map([...subject.parameters, ['x', input]]))) {
        const length = lengthOf([...group.keys()].map((each) => gradients.get(each) as Tensor));
        const scale = Math.max(length, leastShare * all);
        const errors = [1, 2, 3].map((seed) =>
          leastError((step) => differenceAlong(setting, group, seed, step) / scale),
        );
        findings.push({ where: `${place} at length ${sizes.length}`, error: median(errors) });
      }
    });
  } finally {
    subject.dispose();
    input.dispose();
  }
  return findings;
}

/** With an option `stopGradient`, gradients are those of the function when it is off; when on, by intent they are not. */
const flowing = (architecture: Architecture): Architecture =>
  'stopGradient' in architecture.options.shape ? preset(architecture, { stopGradient: false }) : architecture;

interface Setting {
  readonly subject: Subject;
  readonly input: Variable<tf.Rank.R3>;
  readonly mask: Tensor2D;
  /** Of the objective, [B, N, D]. */
  readonly weights: Tensor;
  /** Where nothing is moved. */
  readonly middle: Pass;
}

/** |(f(p + hv) - f(p - hv)) / 2h - grad . v| for a group of variables p and a direction v by seed. */
function differenceAlong(setting: Setting, group: Group, seed: number, step: number): number {
  const difference = tf.tidy(() => {
    const directions = new Map(
      [...group].map(([place, { size, shape }]) => [
        place,
        tf.tensor(normals(size, 1, seed, 'direction', place), shape),
      ]),
    );
    const [ahead, behind] = [step, -step].map((distance) => outputAt(setting, group, directions, distance));
    const change = tf.sub(ahead as Tensor, behind as Tensor);
    const { weights, gradients } = smoothPart(setting, change, tf.add(ahead as Tensor, behind as Tensor));
    // The outputs are subtracted before they are summed: so less is rounded off.
    const numeric = tf.div(tf.sum(tf.mul(change, weights)), 2 * step);
    const products = [...directions].map(([place, direction]) =>
      tf.sum(tf.mul(gradients.get(place) as Tensor, direction)),
    );
    return tf.abs(tf.sub(numeric, tf.addN(products)));
  });
  return difference.dataSync()[0] ?? NaN;
}

function outputAt(
  { subject, input, mask }: Setting,
  group: Group,
  directions: ReadonlyMap<string, Tensor>,
  distance: number,
): Tensor {
  const kept = [...group.values()].map((variable) => tf.clone(variable));
  for (const [place, variable] of group)
    variable.assign(tf.add(variable, tf.mul(directions.get(place) as Tensor, distance)));
  const y = subject.mix(input, mask);
  [...group.values()].forEach((variable, i) => {
    variable.assign(kept[i] as Tensor);
  });
  return y;
}

/**
 * The weights of the objective, 0 for tokens that meet a kink or jump, and the gradients for these; NaN for both where
 * too few tokens are left.
 *
 * @param change - y(p + hv) - y(p - hv), [B, N, D]
 * @param total - y(p + hv) + y(p - hv), [B, N, D]
 */
function smoothPart(
  setting: Setting,
  change: Tensor,
  total: Tensor,
): Pick<Setting, 'weights'> & Pick<Pass, 'gradients'> {
  const { subject, input, mask, weights, middle } = setting;
  const largest = (y: Tensor): Tensor => tf.max(tf.abs(y), 2, true);
  const bend = largest(tf.sub(total, tf.mul(middle.y, 2)));
  const rounding = tf.mul(largest(middle.y), 1e-6);
  const smooth = tf.cast(tf.lessEqual(bend, tf.add(tf.mul(largest(change), leastBend), rounding)), 'float32');
  const [share = NaN] = tf.mean(smooth).dataSync();
  if (share === 1) return { weights, gradients: middle.gradients };
  if (!(share >= 0.5)) return { weights: tf.scalar(NaN), gradients: middle.gradients };
  const kept = tf.mul(weights, smooth);
  return { weights: kept, gradients: runBothWays(subject, input, mask, kept).gradients };
}

/** The error of the first step that is short enough, or of the best. */
function leastError(errorOf: (step: number) => number): number {
  let least = NaN;
  for (const step of steps) {
    const error = errorOf(step);
    if (error <= allowed / 2) return error;
    if (!(least <= error)) least = error;
  }
  return least;
}

/** The length of several tensors as one vector. */
const lengthOf = (tensors: readonly Tensor[]): number =>
  Math.sqrt(tensors.reduce((sum, tensor) => sum + (tf.sum(tf.square(tensor)).dataSync()[0] ?? NaN), 0));

/** NaN when any is. */
const median = (values: readonly number[]): number =>
  values.some(Number.isNaN) ? NaN : ([...values].sort((a, b) => a - b)[(values.length - 1) / 2] ?? NaN);
