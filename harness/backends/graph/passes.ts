/** Changes of a recorded graph that keep what it computes: what is never used, in which order, and how precisely. */
import { dataTypes, type GraphNode, nodeOf, type } from './graph-def.js';

/** Only the nodes that the wanted outputs need, in order. */
export function prune(nodes: readonly GraphNode[], wanted: readonly string[]): GraphNode[] {
  const needed = new Set(wanted.map(nodeOf));
  const kept = nodes.toReversed().filter((node) => {
    if (!needed.has(node.name)) return false;
    for (const name of [...node.inputs.map(nodeOf), ...node.after]) needed.add(name);
    return true;
  });
  return kept.toReversed();
}

/**
 * Pieces of one tensor are worked on one after another.
 *
 * A session starts whatever has its inputs. Attention in slices would start all its slices at once and hold all their
 * weights; so each slice of a tensor that is cut into pieces waits for what was recorded right before it.
 */
export function serialiseSlices(nodes: readonly GraphNode[]): GraphNode[] {
  const pieces = new Map<string, number>();
  for (const { op, inputs } of nodes) {
    const [source] = inputs;
    if (op === 'Slice' && source !== undefined) pieces.set(source, (pieces.get(source) ?? 0) + 1);
  }
  let previous: string | null = null;
  return nodes.map((node) => {
    if (node.op === 'Const') return node;
    const before = previous;
    previous = node.name;
    const isPiece = node.op === 'Slice' && (pieces.get(node.inputs[0] ?? '') ?? 0) > 1;
    return isPiece && before !== null ? { ...node, after: [...node.after, before] } : node;
  });
}

/**
 * Products of two matrices as `MatMul`: TensorFlow.js knows products of batches only, and TensorFlow fuses only `MatMul`
 * with the bias that is added to it.
 */
export function matrixProducts(nodes: readonly GraphNode[]): GraphNode[] {
  return nodes.map((node) => {
    const { T, adj_x: transposeA, adj_y: transposeB } = node.attributes;
    const ofMatrices = node.op === 'BatchMatMulV2' && node.outputs[0]?.shape.length === 2;
    if (!ofMatrices || T === undefined || transposeA === undefined || transposeB === undefined) return node;
    return { ...node, op: 'MatMul', attributes: { T, transpose_a: transposeA, transpose_b: transposeB } };
  });
}

const products = new Set(['MatMul', 'BatchMatMul', 'BatchMatMulV2']);

/** Matrix products of float32 in bfloat16: their factors are rounded before, and the result is widened after. */
export function narrowProducts(nodes: readonly GraphNode[]): GraphNode[] {
  return nodes.flatMap((node) => {
    const { name, op, inputs, attributes, outputs } = node;
    const [output] = outputs;
    if (!products.has(op) || output?.dtype !== dataTypes.float32) return [node];
    const narrow = { dtype: dataTypes.bfloat16, shape: output.shape };
    const factors = inputs.map((input, i) => ({
      ...cast(`${name}/factor${i}`, input, dataTypes.float32, dataTypes.bfloat16),
      outputs: [narrow],
    }));
    const product = {
      ...node,
      name: `${name}/narrow`,
      inputs: factors.map((factor) => factor.name),
      attributes: { ...attributes, T: type(dataTypes.bfloat16) },
      outputs: [narrow],
    };
    return [
      ...factors,
      product,
      { ...cast(name, product.name, dataTypes.bfloat16, dataTypes.float32), outputs },
    ];
  });
}

const cast = (name: string, input: string, from: number, to: number) => ({
  name,
  op: 'Cast',
  inputs: [input],
  after: [],
  attributes: { SrcT: type(from), DstT: type(to) },
});
