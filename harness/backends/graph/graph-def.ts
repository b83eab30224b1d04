/**
 * A TensorFlow graph as plain data, and the bytes of a SavedModel that holds it.
 *
 * Only what the suite needs of TensorFlow's messages `SavedModel`, `MetaGraphDef`, `GraphDef`, `NodeDef`, `AttrValue` and
 * `TensorProto`; the numbers of their fields stand beside what they hold.
 */
import {
  type Bytes,
  bytesField,
  floatField,
  floatsField,
  integerField,
  integersField,
  message,
  messageField,
} from './protobuf.js';

/** TensorFlow's own numbers of types (`DataType`). */
export const dataTypes = { float32: 1, int32: 3, string: 7, complex64: 8, bool: 10, bfloat16: 14 } as const;

/** What a tensor is, but for its numbers. */
export interface TensorSpec {
  readonly dtype: number;
  readonly shape: readonly number[];
}

/** A tensor that is part of the graph: one value everywhere, raw bytes in row-major order, or strings. */
export interface TensorValue extends TensorSpec {
  readonly content:
    | { readonly everywhere: number }
    | { readonly bytes: Bytes }
    | { readonly strings: readonly Bytes[] };
}

export type Attribute =
  | { readonly kind: 'type' | 'int' | 'float'; readonly value: number }
  | { readonly kind: 'ints' | 'floats' | 'shape'; readonly value: readonly number[] }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'bools'; readonly value: readonly boolean[] }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'tensor'; readonly value: TensorValue };

/** One operation. An output is named by its node, `node` the first and `node:1` the second. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  /** Nodes that must have run before this one does. */
  readonly after: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly outputs: readonly TensorSpec[];
}

/** By TensorFlow's numbers of types: bool and small integers take one byte, bfloat16 two, int64 and complex eight. */
const widths: Readonly<Record<number, number>> = { 4: 1, 8: 8, 9: 8, 10: 1, 14: 2 };

export const bytesOf = ({ dtype, shape: sizes }: TensorSpec): number =>
  sizes.reduce((product, size) => product * size, 1) * (widths[dtype] ?? 4);

/** The node that an output comes from: `node:1` -> `node`. */
export const nodeOf = (output: string): string => output.split(':', 1)[0] ?? output;

export const type = (value: number): Attribute => ({ kind: 'type', value });
export const shape = (value: readonly number[]): Attribute => ({ kind: 'shape', value });
export const text = (value: string): Attribute => ({ kind: 'string', value });

/** An operation without inputs, whose output is part of the graph. */
export const constantNode = (name: string, value: TensorValue): GraphNode => ({
  name,
  op: 'Const',
  inputs: [],
  after: [],
  attributes: { dtype: type(value.dtype), value: { kind: 'tensor', value } },
  outputs: [{ dtype: value.dtype, shape: value.shape }],
});

/** What a SavedModel is found by when it is loaded. */
export const tag = 'serve';

/** Of the graph's format: a version that every TensorFlow since 2.9 reads. */
const producer = 987;
const oldestConsumer = 12;

/** The file `saved_model.pb`. */
export function savedModel(nodes: readonly GraphNode[]): Bytes {
  const versions = messageField(4, [integerField(1, producer), integerField(2, oldestConsumer)]);
  const graph = [...nodes.map((node) => messageField(1, nodeFields(node))), versions];
  const metaInfo = messageField(1, [bytesField(4, tag)]);
  return message([integerField(1, 1), messageField(2, [metaInfo, messageField(2, graph)])]);
}

function nodeFields({ name, op, inputs, after, attributes }: GraphNode): Bytes[] {
  return [
    bytesField(1, name),
    bytesField(2, op),
    ...inputs.map((input) => bytesField(3, input)),
    ...after.map((other) => bytesField(3, `^${other}`)),
    ...Object.entries(attributes).map(([key, value]) =>
      messageField(5, [bytesField(1, key), messageField(2, [attributeField(value)])]),
    ),
  ];
}

function attributeField(attribute: Attribute): Bytes {
  switch (attribute.kind) {
    case 'string':
      return bytesField(2, attribute.value);
    case 'int':
      return integerField(3, attribute.value);
    case 'float':
      return floatField(4, attribute.value);
    case 'bool':
      return integerField(5, Number(attribute.value));
    case 'type':
      return integerField(6, attribute.value);
    case 'shape':
      return messageField(7, shapeFields(attribute.value));
    case 'tensor':
      return messageField(8, tensorFields(attribute.value));
    case 'ints':
      return messageField(1, [integersField(3, attribute.value)]);
    case 'floats':
      return messageField(1, [floatsField(4, attribute.value)]);
    case 'bools':
      return messageField(1, [integersField(5, attribute.value.map(Number))]);
  }
}

const shapeFields = (sizes: readonly number[]): Bytes[] =>
  sizes.map((size) => messageField(2, [integerField(1, size)]));

function tensorFields({ dtype, shape: sizes, content }: TensorValue): Bytes[] {
  const fields = [integerField(1, dtype), messageField(2, shapeFields(sizes))];
  if ('bytes' in content) return [...fields, bytesField(4, content.bytes)];
  if ('strings' in content) return [...fields, ...content.strings.map((each) => bytesField(8, each))];
  const value =
    dtype === dataTypes.float32 ? floatField(5, content.everywhere) : integerField(7, content.everywhere);
  return [...fields, value];
}
