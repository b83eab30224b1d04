/**
 * Runs a recorded step for its shapes alone.
 *
 * An operation is run once for each signature (its attributes, the shapes of its inputs, and the numbers of small
 * constants, which hold shapes and axes), on zeros, and its output is thrown away; from then on the shapes are known.
 * What TensorFlow.js gets are numbers of tensors that do not exist. A step of any size is traced in little memory, and
 * its layers, which repeat, in little time.
 */
import type { HostValues, NativeBinding, NativeTensor } from '../native-backend.js';
import { graphOnlyOutputs } from './adam-node.js';
import { dataTypes, type TensorSpec } from './graph-def.js';
import type { Known, Runner } from './recorder.js';
import { Untraceable } from './untraceable.js';

/** What operations gave, by signature; may be shared by the traces of one step. */
export type KnownShapes = Map<string, TensorSpec[]>;

export interface ShapeRunner extends Runner {
  /** Deletes what it made, and what the step threw away. */
  dispose(): void;
}

/** Numbers of tensors that do not exist; the library counts up from 0 and never comes here. */
const firstVirtualId = 2 ** 30;
let nextVirtualId = firstVirtualId;

export const isVirtual = (id: number): boolean => id >= firstVirtualId;

/** Constants up to this size may say what shape comes out. */
const largestShapeConstant = 64;

/** Their outputs' shapes are only known when they run. */
const valueShaped =
  /^(Where|Unique|UniqueV2|NonMaxSuppression|SparseFillEmptyRows|Bincount|DenseBincount|Ragged|String)/;

/** @param undeclared - the library's numbers of variables that the step did not declare, with their names */
export function createShapeRunner(
  binding: NativeBinding,
  shapes: KnownShapes,
  undeclared: ReadonlyMap<number, string>,
): ShapeRunner {
  const zeros = new Map<string, number>();
  const doomed: number[] = [];

  const zerosLike = ({ dtype, shape }: TensorSpec): number => {
    const key = `${dtype}:${shape.join()}`;
    const found = zeros.get(key);
    if (found !== undefined) return found;
    const made = binding.createTensor(shape, dtype, emptyValues({ dtype, shape }));
    zeros.set(key, made);
    return made;
  };
  const runOnce = (...[op, attributes, inputs, count]: Parameters<Runner['execute']>): TensorSpec[] => {
    if (valueShaped.test(op)) throw new Untraceable('shape depends on values', op);
    const ids = inputs.map((input) => (input.values === null ? zerosLike(input) : input.id));
    let results: NativeTensor[];
    try {
      results = binding.executeOp(op, attributes, ids, count);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Untraceable('unsupported', `${op} does not run on zeros: ${why}`);
    }
    for (const { id } of results) binding.deleteTensor(id);
    return results;
  };
  return {
    execute: (op, attributes, inputs, count) => {
      const signature = JSON.stringify([op, attributes, count, inputs.map(describe)]);
      const specs =
        graphOnlyOutputs[op]?.(inputs) ?? shapes.get(signature) ?? runOnce(op, attributes, inputs, count);
      shapes.set(signature, specs);
      return specs.map(({ dtype, shape }) => ({ id: nextVirtualId++, dtype, shape: [...shape] }));
    },
    read: ({ id, values }) => {
      if (values !== null && !isVirtual(id)) return binding.tensorDataSync(id);
      throw new Untraceable(
        'reads a value',
        'JavaScript reads a tensor that the step computes or is given (data, dataSync, array, arraySync, print)',
      );
    },
    remove: (id) => {
      if (!isVirtual(id)) doomed.push(id);
    },
    capture: (id) => capture(binding, id, undeclared),
    dispose: () => {
      for (const id of [...zeros.values(), ...doomed]) binding.deleteTensor(id);
      zeros.clear();
      doomed.length = 0;
    },
  };
}

/** A tensor from before, by value. */
function capture(
  binding: NativeBinding,
  id: number,
  undeclared: ReadonlyMap<number, string>,
): TensorSpec & { values: HostValues } {
  const variable = undeclared.get(id);
  if (variable !== undefined)
    throw new Untraceable('undeclared variable', `${variable} is no part of the state`);
  const [copy] = binding.executeOp('Identity', [], [id], 1);
  if (copy === undefined) throw new Error('a copy of one tensor is one tensor');
  const { dtype, shape } = copy;
  const values = binding.tensorDataSync(copy.id);
  binding.deleteTensor(copy.id);
  return { dtype, shape, values };
}

/** What an operation's output's shape can depend on. */
function describe({ dtype, shape, values }: Known): unknown {
  const small = values !== null && values.length <= largestShapeConstant;
  if (!small) return [dtype, shape];
  return [dtype, shape, ArrayBuffer.isView(values) ? Array.from(values, String) : values.map(String)];
}

function emptyValues({ dtype, shape }: TensorSpec): HostValues {
  const size = shape.reduce((product, each) => product * each, 1);
  switch (dtype) {
    case dataTypes.float32:
      return new Float32Array(size);
    case dataTypes.complex64:
      return new Float32Array(2 * size);
    case dataTypes.int32:
      return new Int32Array(size);
    case dataTypes.bool:
      return new Uint8Array(size);
    default:
      throw new Untraceable('unsupported', `a tensor of TensorFlow's type ${dtype}`);
  }
}
