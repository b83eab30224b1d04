/**
 * What outlives a trace: tensors that the step keeps (`tf.keep`) and variables that it makes. In a trace they stand for
 * numbers that were never computed, so their values have to be given to them afterwards.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';

export interface Survivors {
  /** Those that are alive; variables that were made have their first values again. */
  find(): Tensor[];
  /** Stops watching. */
  release(): void;
}

/** The part of the engine that is watched: the core itself keeps what the backward pass needs, by the same function. */
interface Watched {
  keep: (tensor: Tensor) => Tensor;
  makeVariable: (...given: unknown[]) => Variable;
  readonly state: {
    activeTape: { readonly saved?: readonly Tensor[] }[] | null | undefined;
    readonly gradientDepth: number;
  };
}

export function watchSurvivors(engine: ReturnType<typeof tf.engine>): Survivors {
  const watched = engine as unknown as Watched;
  const kept: Tensor[] = [];
  const made: { variable: Variable; first: Tensor }[] = [];
  const keep = watched.keep.bind(engine);
  const makeVariable = watched.makeVariable.bind(engine);
  watched.keep = (tensor) => {
    kept.push(tensor);
    return keep(tensor);
  };
  watched.makeVariable = (...given) => {
    const variable = makeVariable(...given);
    made.push({ variable, first: keep(tf.clone<Tensor>(variable)) });
    return variable;
  };
  return {
    find: () => {
      dropAbandonedTape(watched);
      for (const { variable, first } of made) {
        if (!variable.isDisposed) variable.assign(first);
        first.dispose();
      }
      return [...kept, ...made.map(({ variable }) => variable)].filter((tensor) => !tensor.isDisposed);
    },
    release: () => {
      // The methods of the class show again.
      Reflect.deleteProperty(watched, 'keep');
      Reflect.deleteProperty(watched, 'makeVariable');
    },
  };
}

/** An error in the middle of a gradient leaves what was saved for the backward pass. */
function dropAbandonedTape({ state }: Watched): void {
  if (state.gradientDepth !== 0 || state.activeTape === null || state.activeTape === undefined) return;
  for (const { saved } of state.activeTape) for (const tensor of saved ?? []) tensor.dispose();
  state.activeTape = null;
}
