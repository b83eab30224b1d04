/** From the trace of a step to nodes that can be fetched: its assignments, and outputs that bring them about. */
import { lowerAdam } from './adam-node.js';
import { type GraphNode, type TensorSpec, type } from './graph-def.js';
import { serialiseSlices } from './passes.js';
import { peakBytes } from './peak-bytes.js';
import { assignNode, placeholder, readName } from './state-nodes.js';
import type { Trace } from './trace.js';

export interface AssembledStep {
  readonly nodes: GraphNode[];
  /** What to fetch, in the order of the step's outputs; fetching any of them assigns the state. */
  readonly fetches: string[];
}

/** @param state - what each variable is */
export function assemble(
  { nodes, outputs, assigned }: Trace,
  state: readonly TensorSpec[],
  prefix: string,
): AssembledStep {
  const specOf = specsOf(nodes, state);
  const adam = lowerAdam(nodes, assigned, outputs.values(), prefix);
  const assignments = [...adam.assigned].map(([i, value]) =>
    assignNode(`${prefix}assign${i}`, i, value, specOf(readName(i)), [readName(i)]),
  );
  const after = [...assignments, ...adam.updates].map(({ name }) => name);
  const results = [...outputs.values()].map((output, i): GraphNode => {
    const spec = specOf(output);
    return {
      name: `${prefix}out${i}`,
      op: 'Identity',
      inputs: [output],
      after,
      attributes: { T: type(spec.dtype) },
      outputs: [spec],
    };
  });
  return {
    nodes: [...serialiseSlices(adam.nodes), ...adam.updates, ...assignments, ...results],
    fetches: results.map(({ name }) => name),
  };
}

/** Peak bytes of a step, its state included. */
export function peakOf(trace: Trace, state: readonly TensorSpec[]): number {
  const reads = state.map((spec, i) => placeholder(readName(i), spec));
  return peakBytes([...reads, ...trace.nodes], [...trace.outputs.values(), ...trace.assigned.values()]);
}

function specsOf(nodes: readonly GraphNode[], state: readonly TensorSpec[]): (output: string) => TensorSpec {
  const known = new Map<string, readonly TensorSpec[]>(nodes.map(({ name, outputs }) => [name, outputs]));
  state.forEach((spec, i) => known.set(readName(i), [spec]));
  return (output) => {
    const [name = output, index = '0'] = output.split(':');
    const spec = known.get(name)?.[Number(index)];
    if (spec === undefined) throw new Error(`the graph has no ${output}`);
    return spec;
  };
}
