/**
 * The most bytes of tensors that are alive at once when a graph runs in the order in which it was recorded and every tensor
 * goes after its last reader. Exact and the same on every machine; what a session takes lies near it, since it may run
 * independent nodes side by side and may write an output over an input.
 */
import { bytesOf, type GraphNode, nodeOf } from './graph-def.js';

/** Its output is its input, seen otherwise. */
function isView({ op, attributes }: GraphNode): boolean {
  if (op === 'Cast') return attributes['SrcT']?.value === attributes['DstT']?.value;
  return ['Identity', 'Reshape', 'ExpandDims', 'Squeeze', 'ReadVariableOp'].includes(op);
}

/**
 * @param results - nodes that live to the end
 * @returns bytes, placeholders and constants included
 */
export function peakBytes(nodes: readonly GraphNode[], results: readonly string[]): number {
  const owner = new Map<string, string>();
  const lastReader = new Map<string, number>();
  const sizes = new Map<string, number>();
  nodes.forEach((node, i) => {
    const [source] = node.inputs;
    const seen = isView(node) && source !== undefined ? owner.get(nodeOf(source)) : undefined;
    owner.set(node.name, seen ?? node.name);
    sizes.set(node.name, seen === undefined ? sum(node.outputs.map(bytesOf)) : 0);
    for (const name of [node.name, ...node.inputs.map(nodeOf)]) lastReader.set(owner.get(name) ?? name, i);
  });
  for (const name of results) lastReader.set(owner.get(nodeOf(name)) ?? name, nodes.length);
  const ending = new Map<number, string[]>();
  for (const [name, last] of lastReader) ending.set(last, [...(ending.get(last) ?? []), name]);
  let alive = 0;
  let most = 0;
  nodes.forEach((node, i) => {
    alive += sizes.get(node.name) ?? 0;
    most = Math.max(most, alive);
    alive -= sum((ending.get(i) ?? []).map((name) => sizes.get(name) ?? 0));
  });
  return most;
}

const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0);
