/** The writer against a reader of the wire format, written here from its definition. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toTensorValue } from '../../../../harness/backends/graph/attributes.js';
import { dataTypes, type GraphNode, savedModel } from '../../../../harness/backends/graph/graph-def.js';
import { floatField, integerField, integersField } from '../../../../harness/backends/graph/protobuf.js';

type Field = readonly [number, bigint | Buffer];

function readVarint(bytes: Buffer, at: number): [bigint, number] {
  let value = 0n;
  for (let shift = 0n; ; shift += 7n) {
    const byte = bytes.readUInt8(at++);
    value |= BigInt(byte & 127) << shift;
    if (byte < 128) return [value, at];
  }
}

function readFields(bytes: Buffer): Field[] {
  const fields: Field[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [key, start] = readVarint(bytes, at);
    const [number, wire] = [Number(key >> 3n), Number(key & 7n)];
    if (wire === 0) {
      const [value, end] = readVarint(bytes, start);
      fields.push([number, value]);
      at = end;
    } else {
      const [size, from] = wire === 2 ? readVarint(bytes, start) : [4n, start];
      at = from + Number(size);
      fields.push([number, bytes.subarray(from, at)]);
    }
  }
  return fields;
}

const inside = (bytes: Buffer, ...path: number[]): Buffer =>
  path.reduce((rest, number) => readFields(rest).find(([each]) => each === number)?.[1] as Buffer, bytes);

describe('fields', () => {
  it('hold every integer, negative ones as 64 bits', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 5000 }), (value, field) => {
        const [[number, read] = []] = readFields(Buffer.from(integerField(field, value)));
        expect([number, BigInt.asIntN(64, read as bigint)]).toEqual([field, BigInt(value)]);
      }),
    );
  });

  it('hold floats and lists', () => {
    const [[, float] = []] = readFields(Buffer.from(floatField(3, -1.5)));
    expect((float as Buffer).readFloatLE()).toBe(-1.5);
    const [[, list] = []] = readFields(Buffer.from(integersField(1, [1, 300])));
    expect([...(list as Buffer)]).toEqual([1, 0xac, 0x02]);
  });
});

describe('a SavedModel', () => {
  it('has its nodes with inputs, order and attributes, where TensorFlow looks for them', () => {
    const node: GraphNode = {
      name: 'y',
      op: 'Neg',
      inputs: ['x:1'],
      after: ['z'],
      attributes: { T: { kind: 'type', value: dataTypes.float32 } },
      outputs: [],
    };
    const graph = inside(Buffer.from(savedModel([node])), 2, 2);
    const fields = readFields(inside(graph, 1)).map(([number, value]) => [
      number,
      value.toString('utf8' as never),
    ]);
    expect(fields.slice(0, 4)).toEqual([
      [1, 'y'],
      [2, 'Neg'],
      [3, 'x:1'],
      [3, '^z'],
    ]);
    const attribute = inside(graph, 1, 5);
    expect(inside(attribute, 1).toString()).toBe('T');
    expect(readFields(inside(attribute, 2))).toEqual([[6, 1n]]);
  });
});

describe('a constant', () => {
  const spec = { dtype: dataTypes.float32, shape: [3] };

  it('that is one value everywhere is written once', () => {
    expect(toTensorValue(spec, Float32Array.of(2, 2, 2)).content).toEqual({ everywhere: 2 });
    expect(toTensorValue(spec, Float32Array.of(0, -0, 0)).content).toHaveProperty('bytes');
    expect(toTensorValue(spec, Float32Array.of(NaN, NaN, NaN)).content).toEqual({ everywhere: NaN });
  });

  it('is a copy: the caller may fill its array anew', () => {
    const values = Float32Array.of(1, 2, 3);
    const { content } = toTensorValue(spec, values);
    values.fill(0);
    expect('bytes' in content && [...new Float32Array(content.bytes.buffer)]).toEqual([1, 2, 3]);
  });
});
