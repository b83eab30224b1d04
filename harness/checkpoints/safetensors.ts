/**
 * Safetensors (https://github.com/huggingface/safetensors), float32 alone: 8 bytes that hold the length of the header,
 * little-endian; the header, a JSON object with type, shape and place of each tensor, and texts under `__metadata__`;
 * the numbers, little-endian, one tensor after the other.
 *
 * What is read may be damaged or made to do harm, so nothing of it is believed: every byte of the data belongs to
 * exactly one tensor, and the header is what its parsed form is written as, which leaves no room for a name twice.
 */
import { z } from 'zod';
import { HarnessError } from '../errors.js';

export interface SavedTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export interface Safetensors {
  readonly metadata: ReadonlyMap<string, string>;
  readonly tensors: ReadonlyMap<string, SavedTensor>;
  /** The numbers of all tensors. */
  readonly data: Uint8Array;
}

/** Bytes of a header: thousands of tensors, and the learning curve of as many epochs. */
export const headerLimit = 2 ** 24;
const lengthBytes = 8;
const metadataName = '__metadata__';
/** Names that are something else in an object of JavaScript. */
const refusedNames: readonly string[] = ['__proto__', 'constructor', 'prototype'];

export const bytesOfShape = (shape: readonly number[]): number =>
  Float32Array.BYTES_PER_ELEMENT * shape.reduce((product, size) => product * size, 1);

/**
 * What stands before the numbers.
 * @param shapes - by name, in the order of the numbers
 */
export function encodeHeader(
  shapes: ReadonlyMap<string, readonly number[]>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  let end = 0;
  const entries = [...shapes].map(([name, shape]) => {
    const begin = end;
    end += bytesOfShape(shape);
    return [name, { dtype: 'F32', shape, data_offsets: [begin, end] }] as const;
  });
  const text = JSON.stringify({ [metadataName]: metadata, ...Object.fromEntries(entries) });
  const header = Buffer.from(text);
  const length = Math.ceil(header.length / lengthBytes) * lengthBytes; // So that the numbers are aligned.
  const bytes = Buffer.alloc(lengthBytes + length, ' ');
  bytes.writeBigUInt64LE(BigInt(length));
  header.copy(bytes, lengthBytes);
  return bytes;
}

/** @throws HarnessError when it is not such a file, in words that go on from its name: `is cut short` */
export function decodeSafetensors(bytes: Uint8Array): Safetensors {
  if (bytes.length < lengthBytes) throw new HarnessError('is cut short');
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > headerLimit) throw new HarnessError(`has a header of ${length} bytes`);
  if (lengthBytes + length > bytes.length) throw new HarnessError('is cut short');
  const { metadata, places } = parseHeader(bytes.subarray(lengthBytes, lengthBytes + length));
  const data = bytes.subarray(lengthBytes + length);
  checkPlaces([...places.values()], data.length);
  const tensors = new Map(
    [...places].map(
      ([
        name,
        {
          shape,
          data_offsets: [begin, end],
        },
      ]) => {
        const own = new Uint8Array(data.subarray(begin, end)); // A copy, which is aligned.
        return [name, { shape, values: new Float32Array(own.buffer) }] as const;
      },
    ),
  );
  return { metadata, tensors, data };
}

const placeSchema = z.strictObject({
  dtype: z.literal('F32'),
  shape: z.array(z.int().nonnegative()).max(8),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});
type Place = z.infer<typeof placeSchema>;

function parseHeader(bytes: Uint8Array) {
  const metadata = new Map<string, string>();
  const places = new Map<string, Place>();
  for (const [name, value] of entriesOf(parseText(bytes))) {
    if (name === metadataName) {
      for (const [key, text] of entriesOf(value)) {
        if (typeof text !== 'string') throw new HarnessError(`has metadata that is no text (${key})`);
        metadata.set(key, text);
      }
      continue;
    }
    const { data } = placeSchema.safeParse(value);
    if (data === undefined) throw new HarnessError(`has a tensor that is not described (${name})`);
    places.set(name, data);
  }
  return { metadata, places };
}

function parseText(bytes: Uint8Array): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).trimEnd();
    const parsed: unknown = JSON.parse(text);
    if (JSON.stringify(parsed) === text) return parsed;
  } catch {
    // Said below: no JSON, no text, or nested without end.
  }
  throw new HarnessError('has a header that is damaged, or has a name twice');
}

function entriesOf(value: unknown): [string, unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new HarnessError('has a header that is no object');
  const entries = Object.entries(value);
  const refused = entries.find(([name]) => refusedNames.includes(name));
  if (refused !== undefined) throw new HarnessError(`has a name that is refused (${refused[0]})`);
  return entries;
}

/** One after the other, without gap and overlap, from the first byte to the last. */
function checkPlaces(places: readonly Place[], dataBytes: number): void {
  let at = 0;
  const inOrder = places
    .map(({ shape, data_offsets: [begin, end] }) => ({ shape, begin, end }))
    .toSorted((a, b) => a.begin - b.begin || a.end - b.end);
  for (const { shape, begin, end } of inOrder) {
    if (begin !== at) throw new HarnessError('has tensors that overlap, or bytes between them');
    if (end - begin !== bytesOfShape(shape))
      throw new HarnessError('has a tensor of another size than its shape');
    at = end;
  }
  if (at !== dataBytes) throw new HarnessError('has more or fewer numbers than its header says');
}
