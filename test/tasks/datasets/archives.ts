/** Makes archives, good and bad, in a temporary folder of their own. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import tar from 'tar-stream';
import { onTestFinished } from 'vitest';

/** Goes when the test that made it has ended. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'formerbench-test-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

export type Entry = Partial<tar.Header> & { readonly name: string; readonly content?: string };

/** The bytes of a tar with these entries. */
export async function packTar(entries: readonly Entry[]): Promise<Buffer> {
  const pack = tar.pack();
  for (const { content, ...header } of entries) pack.entry(header, content ?? '');
  pack.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of pack as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Writes a `.tar.gz` of these entries, or of these bytes of a tar, into a new folder. @returns its path */
export async function writeArchive(
  contents: readonly Entry[] | Buffer,
  name = 'aclImdb_v1.tar.gz',
): Promise<string> {
  const bytes = Buffer.isBuffer(contents) ? contents : await packTar(contents);
  return writeBytes(gzipSync(bytes), name);
}

export function writeBytes(bytes: Uint8Array, name: string): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, bytes);
  return path;
}

/** Puts a number into the size field of the first entry, in base 256, and mends the checksum. */
export function declareSize(archive: Buffer, size: bigint): Buffer {
  const changed = Buffer.from(archive);
  changed.fill(0, 124, 136);
  changed[124] = 0x80;
  changed.writeBigUInt64BE(size, 128);
  return mendChecksum(changed);
}

export function mendChecksum(archive: Buffer): Buffer {
  archive.fill(0x20, 148, 156);
  const sum = archive.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  archive.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return archive;
}
