/**
 * Keeps how far a training is, now and then, and goes on from there.
 *
 * Order of batches, sampling and dropout are drawn from seed, epoch and step alone. So the variables, the place in the
 * epoch and what has been found so far are all that there is to keep: the numbers that follow are the same.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { Parameters } from '../../architectures/scope.js';
import type { StepState } from '../backends/compile.js';
import type { Report } from '../cell-event.js';
import { HarnessError, messageOf } from '../errors.js';
import type { Clock } from './clock.js';
import { type ModelCheckpoint, readCheckpoint, writeCheckpoint } from './file.js';
import { bytesOfShape, type SavedTensor } from './safetensors.js';

/** How far a training is. */
export interface Course<Noted> {
  /** How often it went on from a checkpoint. */
  readonly resumed: number;
  /** Under way, from 1; past the last one when all are done. */
  readonly epoch: number;
  /** When that began, in seconds of this training. */
  readonly epochStart: number;
  /** Of that epoch: steps that are done, and the sum of their losses. */
  readonly steps: number;
  readonly lossSum: number;
  /** Seconds in the steps of the epochs before. */
  readonly trainSeconds: number;
  readonly points: readonly CoursePoint<Noted>[];
  readonly best: { readonly epoch: number; readonly score: number; readonly parameters: Tensor[] } | null;
}

/** Of the learning curve. */
interface CoursePoint<Noted> {
  readonly epoch: number;
  readonly trainLoss: number;
  readonly noted: Noted;
  readonly seconds: number;
}

export interface Keeper<Noted> {
  /** Where the training starts. */
  readonly course: Course<Noted>;
  /** Of this training, earlier processes included. */
  readonly seconds: () => number;
  /** Keeps a course when it is time. A disk that takes nothing costs a message, and no result. */
  readonly keep: (course: Course<Noted>) => Promise<void>;
}

/** Of one model's training, whatever is trained. */
export interface Keeping {
  /** Of the cell. */
  readonly clock: Clock;
  readonly report: Report;
  /** Null = nothing is kept. */
  readonly checkpoint: ModelCheckpoint | null;
}

export interface KeeperOptions<Noted> extends Keeping {
  readonly parameters: Parameters;
  /** Of the parameters, and what Adam keeps beside them. */
  readonly state: StepState;
  /** What the learning curve shows. */
  readonly noted: z.ZodType<Noted>;
}

/** Goes on from the checkpoint that there is: every variable then has its value. A damaged one is told, and left. */
export async function openKeeper<Noted>(options: KeeperOptions<Noted>): Promise<Keeper<Noted>> {
  const { clock, checkpoint, report } = options;
  const start = clock.seconds();
  const seconds = () => clock.seconds() - start;
  if (checkpoint === null) return { course: beginning, seconds, keep: () => Promise.resolve() };
  const course = (await clock.pause(() => resume(checkpoint, options))) ?? beginning;
  let last = clock.seconds();
  let works = true;
  const keep = async (reached: Course<Noted>) => {
    if (!works || clock.seconds() - last < checkpoint.everySeconds) return;
    try {
      await clock.pause(() => save(checkpoint, options, reached, seconds()));
    } catch (error) {
      works = false;
      report({ kind: 'note', text: `no checkpoints are kept: ${messageOf(error)}` });
    }
    last = clock.seconds();
  };
  return { course, seconds, keep };
}

const beginning = {
  ...{ resumed: 0, epoch: 1, epochStart: 0, steps: 0, lossSum: 0, trainSeconds: 0 },
  points: [],
  best: null,
};

const progressSchema = z.strictObject({
  resumed: z.int().nonnegative(),
  seconds: z.number().nonnegative(),
  epoch: z.int().positive(),
  epochStart: z.number(),
  steps: z.int().nonnegative(),
  lossSum: z.number(),
  trainSeconds: z.number(),
  points: z.array(
    z.strictObject({
      epoch: z.int().positive(),
      trainLoss: z.number(),
      noted: z.record(z.string(), z.number()),
      seconds: z.number(),
    }),
  ),
  best: z.strictObject({ epoch: z.int().positive(), score: z.number() }).nullable(),
});

async function save<Noted>(
  checkpoint: ModelCheckpoint,
  { parameters, state }: KeeperOptions<Noted>,
  { best, ...course }: Course<Noted>,
  seconds: number,
): Promise<void> {
  const values = state.snapshot();
  const names = namesOf(parameters, state, best !== null);
  const tensors = new Map(
    [...values, ...(best?.parameters ?? [])].map((value, i) => [names[i] ?? '', value]),
  );
  const kept = best === null ? null : { epoch: best.epoch, score: best.score };
  try {
    await writeCheckpoint(checkpoint, { ...course, seconds, best: kept }, tensors);
  } finally {
    tf.dispose(values);
  }
}

/** Of parameters, of what Adam keeps in its own order, and of the best epoch's parameters. */
function namesOf({ variables }: Parameters, state: StepState, withBest: boolean): string[] {
  const names = [...variables.keys()];
  const moments = state.variables.slice(names.length).map((_, i) => `adam.${i}`);
  const of = (prefix: string) => names.map((name) => `${prefix}.${name}`);
  return [...of('parameters'), ...moments, ...(withBest ? of('best') : [])];
}

/** Null where there is no checkpoint that fits. */
async function resume<Noted>(
  checkpoint: ModelCheckpoint,
  options: KeeperOptions<Noted>,
): Promise<Course<Noted> | null> {
  const { parameters, state, clock, report, noted } = options;
  const shapes = [...state.variables, ...parameters.variables.values()].map(({ shape }) => shape);
  const dataBytes = shapes.reduce((sum, shape) => sum + bytesOfShape(shape), 0);
  try {
    const found = await readCheckpoint(checkpoint, dataBytes);
    if (found === null) return null;
    const { seconds, best, ...progress } = progressSchema.parse(found.progress);
    const points = progress.points.map((point) => ({ ...point, noted: noted.parse(point.noted) }));
    const values = valuesOf(found.tensors, namesOf(parameters, state, best !== null), shapes);
    const [own, kept] = [values.slice(0, state.variables.length), values.slice(state.variables.length)];
    state.restore(own);
    tf.dispose(own);
    clock.add(seconds);
    report({ kind: 'phase', text: `going on in epoch ${progress.epoch}` });
    return {
      ...progress,
      points,
      resumed: progress.resumed + 1,
      best: best === null ? null : { ...best, parameters: kept },
    };
  } catch (error) {
    const why =
      error instanceof HarnessError ? error.message : `the checkpoint ${checkpoint.file} is damaged`;
    report({ kind: 'note', text: `${why}; training starts again` });
    return null;
  }
}

/** @throws HarnessError when a tensor is missing, is of another shape, or is one too many */
function valuesOf(
  saved: ReadonlyMap<string, SavedTensor>,
  names: readonly string[],
  shapes: readonly (readonly number[])[],
): Tensor[] {
  const found = names.map((name, i) => {
    const tensor = saved.get(name);
    if (tensor === undefined || tensor.shape.join() !== shapes[i]?.join())
      throw new HarnessError(`the checkpoint has no ${name} of the shape [${shapes[i]?.join(', ') ?? ''}]`);
    return tensor;
  });
  if (saved.size !== names.length) throw new HarnessError('the checkpoint has other tensors than the model');
  return found.map(({ values, shape }) => tf.tensor(values, [...shape]));
}
