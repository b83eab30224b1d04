/** From what the binding is told to what a graph holds: attributes of operations, and tensors with their numbers. */
import type { HostValues, NativeBinding, OpAttribute } from '../native-backend.js';
import { type Attribute, dataTypes, type TensorSpec, type TensorValue, type } from './graph-def.js';
import { Untraceable } from './untraceable.js';

/** tfjs-node leaves their type out, or gives that of another tensor: run eagerly, they go by their first input. */
const typedByFirstInput = new Set(['ExpandDims', 'Mean']);

/**
 * @param inputs - of the operation
 * @throws Untraceable for a kind of attribute that the suite does not know
 */
export function toAttributes(
  binding: NativeBinding,
  op: string,
  attributes: readonly OpAttribute[],
  inputs: readonly TensorSpec[],
): Record<string, Attribute> {
  const given = Object.fromEntries(attributes.map((each) => [each.name, toAttribute(binding, each)]));
  const [first] = inputs;
  return first !== undefined && typedByFirstInput.has(op) ? { ...given, T: type(first.dtype) } : given;
}

function toAttribute(binding: NativeBinding, { name, type: kind, value }: OpAttribute): Attribute {
  const numbers = Array.isArray(value) ? (value as readonly number[]) : null;
  switch (kind) {
    case binding.TF_ATTR_STRING:
      return { kind: 'string', value: String(value) };
    case binding.TF_ATTR_INT:
      return numbers === null
        ? { kind: 'int', value: Number(value) }
        : { kind: 'ints', value: numbers.map(Math.trunc) };
    case binding.TF_ATTR_FLOAT:
      return numbers === null
        ? { kind: 'float', value: Number(value) }
        : { kind: 'floats', value: [...numbers] };
    case binding.TF_ATTR_BOOL:
      return numbers === null
        ? { kind: 'bool', value: Boolean(value) }
        : { kind: 'bools', value: numbers.map(Boolean) };
    case binding.TF_ATTR_TYPE:
      return { kind: 'type', value: Number(value) };
    case binding.TF_ATTR_SHAPE:
      return { kind: 'shape', value: [...(numbers ?? [])] };
    default:
      throw new Untraceable('unsupported', `attribute ${name} of kind ${kind}`);
  }
}

/** A tensor of the host as part of a graph; one value everywhere takes a few bytes instead of all. */
export function toTensorValue({ dtype, shape }: TensorSpec, values: HostValues): TensorValue {
  if (!ArrayBuffer.isView(values)) {
    const strings = values.map((each) => (typeof each === 'string' ? Buffer.from(each, 'utf8') : each));
    return { dtype, shape, content: { strings } };
  }
  const splats: readonly number[] = [dataTypes.float32, dataTypes.int32];
  const [first] = values;
  if (values.length > 1 && typeof first === 'number' && splats.includes(dtype) && isEverywhere(values)) {
    return { dtype, shape, content: { everywhere: first } };
  }
  // A copy: the caller may fill its array anew.
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
  return { dtype, shape, content: { bytes } };
}

/** 0 and -0 differ, NaN is like NaN. */
function isEverywhere(values: Float32Array | Int32Array | Uint8Array | BigInt64Array): boolean {
  const [first] = values;
  for (const value of values) if (!Object.is(value, first)) return false;
  return true;
}
