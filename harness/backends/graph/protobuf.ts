/**
 * Writes messages in the wire format of Protocol Buffers: a message is its fields one after the other, a field its number,
 * its kind and its value (protobuf.dev/programming-guides/encoding).
 */

/** A written message, or any part of one. */
export type Bytes = Uint8Array;

const wire = { varint: 0, bytes: 2, float: 5 } as const;

export function message(fields: readonly Bytes[]): Bytes {
  return Buffer.concat(fields);
}

/** An integer, a boolean (0 or 1) or a member of an enumeration. */
export function integerField(field: number, value: number): Bytes {
  return Buffer.concat([key(field, wire.varint), varint(value)]);
}

export function floatField(field: number, value: number): Bytes {
  return Buffer.concat([key(field, wire.float), float(value)]);
}

/** Text, raw bytes or a message inside a message. */
export function bytesField(field: number, value: string | Bytes): Bytes {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
  return Buffer.concat([key(field, wire.bytes), varint(bytes.length), bytes]);
}

export function messageField(field: number, fields: readonly Bytes[]): Bytes {
  return bytesField(field, message(fields));
}

/** A repeated field of integers. */
export function integersField(field: number, values: readonly number[]): Bytes {
  return bytesField(field, message(values.map(varint)));
}

/** A repeated field of floats. */
export function floatsField(field: number, values: readonly number[]): Bytes {
  return bytesField(field, message(values.map(float)));
}

const key = (field: number, kind: number): Bytes => varint((field << 3) | kind);

/** Seven bits a byte, lowest first; negative numbers as 64-bit two's complement. */
function varint(value: number): Bytes {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest === 0n ? low : low | 128);
  } while (rest !== 0n);
  return Uint8Array.from(bytes);
}

function float(value: number): Bytes {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}
