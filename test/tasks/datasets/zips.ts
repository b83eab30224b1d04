/** Makes zip files, good and bad: the library that reads them does not write any. */
import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  readonly name: string;
  readonly content: string;
  /** Unix mode; a plain file if not given. */
  readonly mode?: number;
  /** What the directory says of the size, if not the truth. */
  readonly declared?: number;
}

/** The bytes of a zip with these entries, deflated. */
export function packZip(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, mode = 0o100644, declared } of entries) {
    const bytes = Buffer.from(content);
    const packed = deflateRawSync(bytes);
    const path = Buffer.from(name);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    describeInto(local.subarray(4), bytes, packed, path, declared);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(0x0314, 4); // Made on Unix.
    describeInto(central.subarray(6), bytes, packed, path, declared);
    central.writeUInt32LE(mode * 2 ** 16, 38);
    central.writeUInt32LE(offset, 42);
    locals.push(local, path, packed);
    directory.push(central, path);
    offset += local.length + path.length + packed.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...directory, end]);
}

/** The fields that the local and the central header share, from "version needed" on. */
function describeInto(
  header: Buffer,
  bytes: Buffer,
  packed: Buffer,
  path: Buffer,
  declared = bytes.length,
): void {
  header.writeUInt16LE(20, 0);
  header.writeUInt16LE(8, 4);
  header.writeUInt32LE(crc32(bytes), 10);
  header.writeUInt32LE(packed.length, 14);
  header.writeUInt32LE(declared, 18);
  header.writeUInt16LE(path.length, 22);
}
