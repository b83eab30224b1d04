/**
 * A parameter's step of Adam as TensorFlow's one operation for it, `ResourceApplyAdam`, which works in place.
 *
 * While a step is recorded it is a node `AdamUpdate` that gives three new values. Its outputs are assigned to three
 * variables, and that is what the operation does; TensorFlow's own bias correction is switched off by powers of 0, since
 * `size` and `floor` have it.
 */
import { adamUpdateName } from '../adam-update.js';
import { constantNode, dataTypes, type GraphNode, nodeOf, type TensorSpec, type } from './graph-def.js';
import { readName, variableName } from './state-nodes.js';
import { Untraceable } from './untraceable.js';

/** What operations give that no backend knows and only a graph can hold, by their inputs. */
export const graphOnlyOutputs: Readonly<
  Record<string, ((inputs: readonly TensorSpec[]) => TensorSpec[]) | undefined>
> = {
  [adamUpdateName]: (inputs) => inputs.slice(0, 3).map(({ dtype, shape }) => ({ dtype, shape })),
};

export interface LoweredAdam {
  /** Without the nodes `AdamUpdate`. */
  readonly nodes: GraphNode[];
  /** What does their assignments. */
  readonly updates: GraphNode[];
  /** The assignments that are left. */
  readonly assigned: ReadonlyMap<number, string>;
}

/**
 * @param assigned - the new value of each variable, by its index
 * @param results - what else must be there after the step
 * @throws Untraceable when a new value is used for more than to be assigned
 */
export function lowerAdam(
  nodes: readonly GraphNode[],
  assigned: ReadonlyMap<number, string>,
  results: Iterable<string>,
  prefix: string,
): LoweredAdam {
  const adams = new Map(nodes.filter(({ op }) => op === adamUpdateName).map((node) => [node.name, node]));
  if (adams.size === 0) return { nodes: [...nodes], updates: [], assigned };
  const isAdam = (output: string) => adams.has(nodeOf(output));
  if ([...nodes.flatMap(({ inputs }) => inputs), ...results].some(isAdam))
    throw new Untraceable('unsupported', 'a parameter that Adam has changed is read again in the same step');
  const variableOf = new Map([...assigned].map(([index, output]) => [output, index]));
  const constants = createConstants(`${prefix}adam/`);
  const updates = [...adams.values()].map((node) => applyAdam(node, variableOf, constants.of));
  return {
    nodes: [...constants.nodes, ...nodes.filter(({ name }) => !adams.has(name))],
    updates,
    assigned: new Map([...assigned].filter(([, output]) => !isAdam(output))),
  };
}

function applyAdam(
  { name, inputs, attributes }: GraphNode,
  variableOf: ReadonlyMap<string, number>,
  constant: (value: number) => string,
): GraphNode {
  const variables = [name, `${name}:1`, `${name}:2`].map((output) => {
    const index = variableOf.get(output);
    if (index !== undefined) return index;
    throw new Untraceable('unsupported', 'a result of Adam is not assigned to a variable');
  });
  const [, , , gradient = '', size = '', floor = ''] = inputs;
  const rate = (which: string) => constant(Number(attributes[which]?.value));
  const powers = [constant(0), constant(0)];
  return {
    name,
    op: 'ResourceApplyAdam',
    inputs: [...variables.map(variableName), ...powers, size, rate('beta1'), rate('beta2'), floor, gradient],
    // It writes in place only what nobody holds: who reads the parameter has to have it by then. Nobody reads the moments.
    after: variables.slice(0, 1).map(readName),
    attributes: { T: type(dataTypes.float32) },
    outputs: [],
  };
}

/** Scalars of the graph, each there once; `nodes` fills as they are asked for. */
function createConstants(prefix: string) {
  const nodes: GraphNode[] = [];
  const names = new Map<number, string>();
  const of = (value: number): string => {
    const known = names.get(value);
    if (known !== undefined) return known;
    const name = `${prefix}${names.size}`;
    const content = { bytes: new Uint8Array(Float32Array.of(value).buffer) };
    nodes.push(constantNode(name, { dtype: dataTypes.float32, shape: [], content }));
    names.set(value, name);
    return name;
  };
  return { nodes, of };
}
