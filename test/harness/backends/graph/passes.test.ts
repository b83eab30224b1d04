import { describe, expect, it } from 'vitest';
import { dataTypes, type GraphNode } from '../../../../harness/backends/graph/graph-def.js';
import {
  matrixProducts,
  narrowProducts,
  prune,
  serialiseSlices,
} from '../../../../harness/backends/graph/passes.js';
import { peakBytes } from '../../../../harness/backends/graph/peak-bytes.js';

const node = (
  name: string,
  op: string,
  inputs: string[] = [],
  shape = [4],
  after: string[] = [],
): GraphNode => ({
  name,
  op,
  inputs,
  after,
  attributes: op.includes('MatMul') ? { T: { kind: 'type', value: dataTypes.float32 } } : {},
  outputs: [{ dtype: dataTypes.float32, shape }],
});

describe('prune', () => {
  it('keeps what is needed, by inputs, by second outputs and by order, and nothing else', () => {
    const nodes = [
      node('a', 'Placeholder'),
      node('unused', 'Neg', ['a']),
      node('b', 'Split', ['a']),
      node('first', 'Neg', ['a']),
      node('c', 'Neg', ['b:1'], [4], ['first']),
    ];
    expect(prune(nodes, ['c:0']).map(({ name }) => name)).toEqual(['a', 'b', 'first', 'c']);
  });
});

describe('serialiseSlices', () => {
  it('lets a piece of a tensor wait for what was recorded before it; what is cut once does not wait', () => {
    const nodes = [
      node('x', 'Placeholder'),
      node('once', 'Slice', ['x']),
      node('zero', 'Const'),
      node('q', 'Neg', ['once']),
      node('q0', 'Slice', ['q']),
      node('work', 'Exp', ['q0']),
      node('q1', 'Slice', ['q']),
    ];
    const waits = serialiseSlices(nodes).map(({ name, after }) => [name, ...after]);
    expect(waits.filter(([, before]) => before !== undefined)).toEqual([
      ['q0', 'q'],
      ['q1', 'work'],
    ]);
  });
});

describe('narrowProducts', () => {
  it('rounds the factors and widens the result, under the name that others know', () => {
    const nodes = [node('a', 'Placeholder'), node('p', 'BatchMatMulV2', ['a', 'a']), node('y', 'Neg', ['p'])];
    const narrow = narrowProducts(nodes);
    expect(narrow.map(({ name, op }) => [name, op])).toEqual([
      ['a', 'Placeholder'],
      ['p/factor0', 'Cast'],
      ['p/factor1', 'Cast'],
      ['p/narrow', 'BatchMatMulV2'],
      ['p', 'Cast'],
      ['y', 'Neg'],
    ]);
    expect(narrow[3]?.attributes['T']).toEqual({ kind: 'type', value: dataTypes.bfloat16 });
    expect(narrow[4]?.outputs[0]?.dtype).toBe(dataTypes.float32);
  });

  it('leaves products of other types alone', () => {
    const whole = { ...node('p', 'MatMul'), outputs: [{ dtype: dataTypes.int32, shape: [1] }] };
    expect(narrowProducts([whole])).toEqual([whole]);
  });
});

describe('peakBytes', () => {
  it('counts what is alive at once: a chain needs two of its links', () => {
    const chain = ['b', 'c', 'd'].map((name, i) => node(name, 'Neg', ['abc'.charAt(i)], [100]));
    expect(peakBytes([node('a', 'Placeholder', [], [100]), ...chain], ['d'])).toBe(2 * 400);
  });

  it('keeps what is read late, and counts views once', () => {
    const nodes = [
      node('a', 'Placeholder', [], [100]),
      node('seen', 'Reshape', ['a'], [100]),
      node('b', 'Neg', ['seen'], [100]),
      node('c', 'Neg', ['b'], [100]),
      node('d', 'Add', ['seen', 'c'], [100]),
    ];
    expect(peakBytes(nodes, ['d'])).toBe(3 * 400);
  });
});

describe('matrixProducts', () => {
  const product = (shape: number[]): GraphNode => ({
    name: 'product',
    op: 'BatchMatMulV2',
    inputs: ['a', 'b'],
    after: [],
    attributes: {
      T: { kind: 'type', value: dataTypes.float32 },
      adj_x: { kind: 'bool', value: true },
      adj_y: { kind: 'bool', value: false },
    },
    outputs: [{ dtype: dataTypes.float32, shape }],
  });

  it('makes a product of two matrices what TensorFlow can fuse with a bias', () => {
    const [node] = matrixProducts([product([2, 3])]);
    expect(node).toMatchObject({
      op: 'MatMul',
      attributes: { transpose_a: { value: true }, transpose_b: { value: false } },
    });
    expect(Object.keys(node?.attributes ?? {}).sort()).toEqual(['T', 'transpose_a', 'transpose_b']);
  });

  it('leaves batches as they are', () => {
    const batch = product([4, 2, 3]);
    expect(matrixProducts([batch])).toEqual([batch]);
  });
});
