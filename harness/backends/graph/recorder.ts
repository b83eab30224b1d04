/**
 * Records what a backend is told to run.
 *
 * Every kernel of tfjs-node ends in its C++ binding, so wrapping the binding catches all of them: each operation becomes a
 * node, each tensor that the host makes a constant (kept only if an operation uses it), and every tensor's number in the
 * library is remembered with the output that it stands for. How operations are run meanwhile is the caller's choice.
 */
import type { HostValues, NativeBinding, NativeTensor, OpAttribute } from '../native-backend.js';
import { graphOnlyOutputs } from './adam-node.js';
import { toAttributes, toTensorValue } from './attributes.js';
import { constantNode, type GraphNode, type TensorSpec } from './graph-def.js';

/** A tensor that the recording knows. */
export interface Known extends TensorSpec {
  readonly id: number;
  /** What the host put in; null for what an operation gave or a run is fed with. */
  readonly values: HostValues | null;
}

/** How what is recorded is run. */
export interface Runner {
  execute(
    op: string,
    attributes: readonly OpAttribute[],
    inputs: readonly Known[],
    outputs: number,
  ): NativeTensor[];
  read(tensor: Known): HostValues;
  remove(id: number): void;
  /** A tensor from before the recording that nobody declared; gives its values, which become part of the graph. */
  capture(id: number): TensorSpec & { readonly values: HostValues };
}

export interface Recording {
  /** Takes the binding's place while the recording lasts. */
  readonly binding: NativeBinding;
  /** In the order in which they ran. */
  readonly nodes: readonly GraphNode[];
  /** Tells which output a tensor from before stands for. */
  declare(tensor: TensorSpec & { readonly id: number }, output: string): void;
  /** The output that a tensor stands for, and what it is. */
  find(id: number): TensorSpec & { readonly output: string };
}

/** @param prefix - of the names of all nodes */
export function startRecording(original: NativeBinding, runner: Runner, prefix: string): Recording {
  const ledger = createLedger(runner, prefix);
  const executeOp: NativeBinding['executeOp'] = (op, attributes, ids, count) => {
    const inputs = ids.map(ledger.lookUp);
    const results = runner.execute(op, attributes, inputs, count);
    const sources = inputs.map(ledger.outputOf);
    const name = ledger.nextName();
    const outputs = results.map(({ dtype, shape }) => ({ dtype, shape }));
    const kept = toAttributes(original, op, attributes, inputs);
    ledger.nodes.push({ name, op, inputs: sources, after: [], attributes: kept, outputs });
    results.forEach((result, i) => {
      ledger.enter({ ...result, values: null }, i === 0 ? name : `${name}:${i}`);
    });
    return results;
  };
  return {
    nodes: ledger.nodes,
    declare: (tensor, output) => {
      ledger.enter({ ...tensor, values: null }, output);
    },
    find: (id) => {
      const tensor = ledger.lookUp(id);
      return { output: ledger.outputOf(tensor), dtype: tensor.dtype, shape: tensor.shape };
    },
    binding: overlay(original, {
      graphOnly: new Set(Object.keys(graphOnlyOutputs)),
      executeOp,
      createTensor: (shape, dtype, values) => {
        const id = original.createTensor(shape, dtype, values);
        ledger.enter({ id, dtype, shape: [...shape], values }, null);
        return id;
      },
      tensorDataSync: (id) => runner.read(ledger.lookUp(id)),
      deleteTensor: (id) => {
        runner.remove(id);
      },
    }),
  };
}

/** Which tensors there are, which outputs they stand for, and the nodes so far. */
interface Ledger {
  readonly nodes: GraphNode[];
  readonly nextName: () => string;
  /** @param output - null for a constant, which becomes a node when it is used */
  readonly enter: (tensor: Known, output: string | null) => void;
  readonly lookUp: (id: number) => Known;
  readonly outputOf: (tensor: Known) => string;
}

function createLedger(runner: Runner, prefix: string): Ledger {
  const nodes: GraphNode[] = [];
  const known = new Map<number, Known>();
  const outputs = new Map<number, string>();
  const nextName = () => `${prefix}${nodes.length}`;
  return {
    nodes,
    nextName,
    enter: (tensor, output) => {
      known.set(tensor.id, tensor);
      if (output === null) outputs.delete(tensor.id);
      else outputs.set(tensor.id, output);
    },
    lookUp: (id) => {
      const found = known.get(id) ?? { id, ...runner.capture(id) };
      known.set(id, found);
      return found;
    },
    outputOf: (tensor) => {
      const found = outputs.get(tensor.id);
      if (found !== undefined) return found;
      if (tensor.values === null) throw new Error(`tensor ${tensor.id} of a recording came from nowhere`);
      const node = constantNode(nextName(), toTensorValue(tensor, tensor.values));
      nodes.push(node);
      outputs.set(tensor.id, node.name);
      return node.name;
    },
  };
}

/** The binding's own functions are read-only: what replaces them is laid over, and the rest shows through. */
function overlay(original: NativeBinding, parts: Partial<NativeBinding>): NativeBinding {
  const descriptors = Object.entries(parts).map(([name, value]) => [name, { value }] as const);
  return Object.create(original, Object.fromEntries(descriptors)) as NativeBinding;
}
