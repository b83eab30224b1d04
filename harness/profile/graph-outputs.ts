/** What the nodes of a step's graph put out, by name: the graph is recorded once more, the same way, for its shapes. */
import * as tf from '@tensorflow/tfjs-core';
import { bytesOf, type TensorSpec } from '../backends/graph/graph-def.js';
import { readName } from '../backends/graph/state-nodes.js';
import { specOf, type Subject, traceStep } from '../backends/graph/trace.js';
import type { NativeBackend } from '../backends/native-backend.js';
import type { NodeRun } from './executor-log.js';
import type { OperationRun } from './profile.js';

/** Of the first step that is traced over a state. */
const prefix = 't0/';

export function outputsOfGraph(subject: Omit<Subject, 'prefix'>): Map<string, TensorSpec> {
  const backend = tf.backend() as unknown as NativeBackend;
  const { nodes } = traceStep(backend, { ...subject, prefix });
  const state = subject.variables.map((variable, i) => [readName(i), specOf(backend, variable)] as const);
  const recorded = nodes.flatMap(({ name, outputs }) =>
    outputs.map((output, i) => [i === 0 ? name : `${name}:${i}`, output] as const),
  );
  return new Map([...state, ...recorded]);
}

/** A node that TensorFlow has put in by itself has no shape here. */
export function describeNodes(
  runs: readonly NodeRun[],
  outputs: ReadonlyMap<string, TensorSpec>,
): OperationRun[] {
  const bytes = (name: string) => {
    const output = outputs.get(name);
    return output === undefined ? 0 : bytesOf(output);
  };
  return runs.map(({ node, op, inputs, seconds }) => ({
    operation: op,
    shape: outputs.get(node)?.shape ?? null,
    seconds,
    bytesRead: inputs.reduce((sum, input) => sum + bytes(input), 0),
    bytesWritten: bytes(node) + bytes(`${node}:1`) + bytes(`${node}:2`),
  }));
}
