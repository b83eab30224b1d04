/** A file that appears whole or not at all: nobody reads half of it, and what stops the writer leaves the old one. */
import { randomUUID } from 'node:crypto';
import { rename, rm, stat, writeFile } from 'node:fs/promises';

/**
 * What is no file, such as /dev/null, is written to and not replaced.
 * @throws what the file system throws; nothing unfinished is left then
 */
export async function writeWhole(
  file: string,
  content: string | Uint8Array | AsyncIterable<Uint8Array>,
): Promise<void> {
  const found = await stat(file).catch(() => null);
  if (found?.isFile() === false) {
    await writeFile(file, content);
    return;
  }
  const unfinished = `${file}.${randomUUID()}.tmp`;
  try {
    await writeFile(unfinished, content);
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw error;
  }
}
