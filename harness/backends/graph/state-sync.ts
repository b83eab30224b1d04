/**
 * Keeps variables the same in TensorFlow.js and in a session. Who wrote last has the truth: before a run what was assigned
 * in TensorFlow.js is pushed, a run leaves empty shells of the variables that it has changed, and settling brings their
 * values back. Numbers are handed over, not copied.
 */
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { NativeBackend } from '../native-backend.js';
import type { GraphSession } from './session.js';
import { emptyOut } from './shell.js';
import { feedName, readName, setName } from './state-nodes.js';

export interface StateSync {
  /** The session is new: nothing was pushed to it, and it knows nothing. */
  reset(): void;
  push(session: GraphSession): void;
  /** A run has assigned these. */
  changed(indices: Iterable<number>): void;
  settle(session: GraphSession | null): void;
}

export function createStateSync(backend: NativeBackend, variables: readonly Variable[]): StateSync {
  /** What each variable held when it was last the same in both places. */
  let same: (object | null)[] = variables.map(() => null);
  let ahead = new Set<number>();
  return {
    reset: () => {
      same = variables.map(() => null);
      ahead = new Set();
    },
    push: (session) => {
      const stale = variables.map((_, i) => i).filter((i) => variables[i]?.dataId !== same[i]);
      if (stale.length === 0) return;
      const ids = backend.getInputTensorIds(stale.map((i) => variables[i] as Tensor));
      const feeds = new Map(stale.map((i, at) => [feedName(i), ids[at] ?? -1]));
      for (const { id } of session.run(feeds, stale.map(setName))) backend.binding.deleteTensor(id);
      for (const i of stale) {
        same[i] = variables[i]?.dataId ?? null;
        ahead.delete(i);
      }
    },
    changed: (indices) => {
      for (const i of indices) {
        const variable = variables[i];
        if (variable === undefined || ahead.has(i)) continue;
        ahead.add(i);
        emptyOut(backend, variable);
        same[i] = variable.dataId;
      }
    },
    settle: (session) => {
      // What was assigned in TensorFlow.js since is newer than the session's.
      const newer = [...ahead].filter((i) => variables[i]?.dataId === same[i]);
      ahead = new Set();
      if (session === null || newer.length === 0) return;
      const results = session.run(new Map(), newer.map(readName));
      newer.forEach((i, at) => {
        const result = results[at];
        const variable = variables[i];
        if (result === undefined || variable === undefined) return;
        const value = backend.createOutputTensor(result);
        variable.assign(value);
        value.dispose();
        same[i] = variable.dataId;
      });
    },
  };
}
