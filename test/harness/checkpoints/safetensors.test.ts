import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeSafetensors, encodeHeader, headerLimit } from '../../../harness/checkpoints/safetensors.js';
import { HarnessError } from '../../../harness/errors.js';
import { mutatedBytes } from '../fuzz/mutate.js';

const fileOf = (
  tensors: ReadonlyMap<string, { readonly shape: readonly number[]; readonly values: Float32Array }>,
  metadata: Readonly<Record<string, string>> = {},
): Buffer =>
  Buffer.concat([
    encodeHeader(new Map([...tensors].map(([name, { shape }]) => [name, shape])), metadata),
    ...[...tensors.values()].map(({ values }) => Buffer.from(values.buffer)),
  ]);

const name = fc.string().map((text) => `layers.${text}`);
const tensor = fc.array(fc.nat(4), { maxLength: 4 }).chain((shape) => {
  const size = shape.reduce((product, each) => product * each, 1);
  const values = fc.array(fc.float(), { minLength: size, maxLength: size });
  return values.map((numbers) => ({ shape, values: Float32Array.from(numbers) }));
});

test('what is written is read back, names, shapes, numbers and texts', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(name, tensor), { maxLength: 6 }),
      fc.dictionary(name, fc.string({ unit: 'grapheme' })),
      (tensors, metadata) => {
        const given = new Map(tensors);
        const read = decodeSafetensors(fileOf(given, metadata));
        expect(read.tensors).toEqual(given);
        expect(Object.fromEntries(read.metadata)).toEqual({ ...metadata });
      },
    ),
  );
});

test('the file is as the format says: length, header, numbers that begin at a multiple of eight', () => {
  const bytes = fileOf(new Map([['a', { shape: [2], values: Float32Array.of(1, 2) }]]), { made: 'here' });
  const length = Number(bytes.readBigUInt64LE());
  expect(length % 8).toBe(0);
  expect(JSON.parse(bytes.subarray(8, 8 + length).toString())).toEqual({
    __metadata__: { made: 'here' },
    a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] },
  });
  expect([bytes.readFloatLE(8 + length), bytes.readFloatLE(12 + length)]).toEqual([1, 2]);
});

/** @param header - as it stands in the file */
function raw(header: string, dataBytes: number, length = Buffer.byteLength(header)): Buffer {
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(length));
  return Buffer.concat([prefix, Buffer.from(header), Buffer.alloc(dataBytes)]);
}
const entry = (begin: number, end: number, shape: unknown = [(end - begin) / 4], dtype = 'F32') =>
  JSON.stringify({ dtype, shape, data_offsets: [begin, end] });

test('a file of another writer is read, with blanks after its header or without', () => {
  for (const blanks of ['', '   '])
    expect(decodeSafetensors(raw(`{"a":${entry(0, 8)}}${blanks}`, 8)).tensors.get('a')).toEqual({
      shape: [2],
      values: Float32Array.of(0, 0),
    });
});

describe('refused', () => {
  test.each([
    ['nothing', Buffer.alloc(0), 'is cut short'],
    ['a header longer than the file', raw('{}', 0, 3), 'is cut short'],
    ['a header without end', raw('{}', 0, headerLimit + 1), 'has a header of'],
    ['a header of 2^63 bytes', Buffer.from('ffffffffffffff7f7b7d', 'hex'), 'has a header of'],
    ['no JSON', raw('{', 0), 'is damaged'],
    ['no text', Buffer.concat([raw('', 0, 2), Buffer.from([0xff, 0xfe])]), 'is damaged'],
    ['brackets without end', raw('['.repeat(2 ** 20), 0), 'is damaged'],
    ['a list', raw('[]', 0), 'no object'],
    ['a name twice', raw(`{"a":${entry(0, 4)},"a":${entry(0, 4)}}`, 4), 'twice'],
    ['the name of the prototype', raw(`{"__proto__":${entry(0, 4)}}`, 4), 'refused (__proto__)'],
    ['that name in the texts', raw('{"__metadata__":{"__proto__":"x"}}', 0), 'refused (__proto__)'],
    ['a text that is none', raw('{"__metadata__":{"a":1}}', 0), 'metadata'],
    ['tensors that overlap', raw(`{"a":${entry(0, 8)},"b":${entry(4, 12)}}`, 12), 'overlap'],
    ['two tensors in one place', raw(`{"a":${entry(0, 8)},"b":${entry(0, 8)}}`, 8), 'overlap'],
    ['bytes of no tensor', raw(`{"a":${entry(4, 8)}}`, 8), 'bytes between'],
    ['bytes after the last', raw(`{"a":${entry(0, 4)}}`, 8), 'more or fewer'],
    ['a tensor beyond the end', raw(`{"a":${entry(0, 8)}}`, 4), 'more or fewer'],
    ['an end before the begin', raw(`{"a":${entry(4, 0, [])}}`, 4), 'bytes between'],
    ['a place below 0', raw(`{"a":${entry(-4, 0)}}`, 4), 'not described (a)'],
    ['another size than the shape', raw(`{"a":${entry(0, 8, [3])}}`, 8), 'another size'],
    ['a shape without end', raw(`{"a":${entry(0, 8, [2 ** 52, 2 ** 52])}}`, 8), 'another size'],
    ['a shape below 0', raw(`{"a":${entry(0, 8, [-1, -2])}}`, 8), 'not described'],
    ['another type', raw(`{"a":${entry(0, 8, [1], 'F64')}}`, 8), 'not described'],
    ['a field more', raw(`{"a":${entry(0, 4).replace('}', ',"more":1}')}}`, 4), 'not described'],
  ])('%s', (_what, bytes, words) => {
    expect(() => decodeSafetensors(bytes)).toThrow(HarnessError);
    expect(() => decodeSafetensors(bytes)).toThrow(words);
  });
});

test('2,000 files with damaged bytes: each is read or refused', () => {
  const good = fileOf(
    new Map([
      ['a', { shape: [2, 2], values: Float32Array.of(1, 2, 3, 4) }],
      ['b', { shape: [], values: Float32Array.of(5) }],
    ]),
    { progress: '{}' },
  );
  fc.assert(
    fc.property(mutatedBytes(good), (bytes) => {
      try {
        decodeSafetensors(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(HarnessError);
      }
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    }),
    { numRuns: 2000, seed: 20211101 },
  );
});
