/** A profile: which operations a step spends its time in, and how many bytes they read and write. */
import { z } from 'zod';

/** One run of one operation. */
export interface OperationRun {
  /** The kernel of TensorFlow.js, or the operation of TensorFlow's graph. */
  readonly operation: string;
  /** Of its first output; null where that is not known. */
  readonly shape: readonly number[] | null;
  readonly seconds: number;
  /** Of the tensors that it is given, and of those that it puts out; 0 where they are not known. */
  readonly bytesRead: number;
  readonly bytesWritten: number;
}

const number = z.number();

/** Runs of one operation with one shape of output; all numbers are those of one step. */
const operationSchema = z.strictObject({
  operation: z.string(),
  shape: z.array(z.int()).nullable(),
  count: number,
  seconds: number,
  /** Of the seconds of all operations, 0 to 1. */
  share: number,
  bytesRead: number,
  bytesWritten: number,
});

export const profileSchema = z.strictObject({
  backend: z.string(),
  execution: z.enum(['eager', 'graph']),
  /** Steps that were profiled, after the warm-up. */
  steps: z.int().positive(),
  /** Wall time of one, read-back included. */
  stepSeconds: number,
  /** Of all operations; of a graph more than the step takes, when some ran at the same time. */
  operationSeconds: number,
  /** The one that takes longest first. */
  operations: z.array(operationSchema),
});
export type Profile = z.infer<typeof profileSchema>;

/** @param runs - of all profiled steps together */
export function summarize(
  runs: readonly OperationRun[],
  steps: number,
): Pick<Profile, 'operationSeconds' | 'operations'> {
  const operationSeconds = runs.reduce((sum, { seconds }) => sum + seconds, 0) / steps;
  const groups = new Map<string, OperationRun[]>();
  for (const run of runs) {
    const key = `${run.operation} ${run.shape?.join() ?? 'unknown'}`;
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  const operations = [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const sum = (key: 'seconds' | 'bytesRead' | 'bytesWritten') =>
      group.reduce((total, run) => total + run[key], 0) / steps;
    const seconds = sum('seconds');
    return {
      operation: first.operation,
      shape: first.shape === null ? null : [...first.shape],
      count: group.length / steps,
      seconds,
      share: operationSeconds > 0 ? seconds / operationSeconds : 0,
      bytesRead: sum('bytesRead'),
      bytesWritten: sum('bytesWritten'),
    };
  });
  return { operationSeconds, operations: operations.toSorted((a, b) => b.seconds - a.seconds) };
}
