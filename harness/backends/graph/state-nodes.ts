/**
 * The nodes of a step's state: for each variable one resource in the session, how it is read, and how it is set.
 *
 *     state/I          the resource              state/I/feed   a value from outside
 *     state/I/read     its value before a step   state/I/set    fetching this puts that value in
 */
import { constantNode, dataTypes, type GraphNode, shape, type TensorSpec, text, type } from './graph-def.js';

export const variableName = (index: number): string => `state/${index}`;
export const readName = (index: number): string => `${variableName(index)}/read`;
export const feedName = (index: number): string => `${variableName(index)}/feed`;
export const setName = (index: number): string => `${variableName(index)}/set`;

export function stateNodes(index: number, spec: TensorSpec): GraphNode[] {
  const variable = variableName(index);
  const dtype = type(spec.dtype);
  const assign = assignNode(`${variable}/assign`, index, feedName(index), spec, []);
  return [
    {
      ...bare(variable, 'VarHandleOp'),
      attributes: { dtype, shape: shape(spec.shape), shared_name: text(variable), container: text('') },
    },
    {
      ...bare(readName(index), 'ReadVariableOp'),
      inputs: [variable],
      attributes: { dtype },
      outputs: [spec],
    },
    placeholder(feedName(index), spec),
    assign,
    // Fetching an operation is fetching its output; an assignment has none.
    { ...scalarConstant(setName(index)), after: [assign.name] },
  ];
}

/** Gives a variable the value of `value`, once the value before was read. */
export function assignNode(
  name: string,
  index: number,
  value: string,
  { dtype }: TensorSpec,
  after: readonly string[],
): GraphNode {
  return {
    ...bare(name, 'AssignVariableOp'),
    inputs: [variableName(index), value],
    after,
    attributes: { dtype: type(dtype) },
  };
}

export function placeholder(name: string, spec: TensorSpec): GraphNode {
  const attributes = { dtype: type(spec.dtype), shape: shape(spec.shape) };
  return { ...bare(name, 'Placeholder'), attributes, outputs: [spec] };
}

function scalarConstant(name: string): GraphNode {
  return constantNode(name, { dtype: dataTypes.int32, shape: [], content: { bytes: new Uint8Array(4) } });
}

const bare = (name: string, op: string): GraphNode => ({
  name,
  op,
  inputs: [],
  after: [],
  attributes: {},
  outputs: [],
});
