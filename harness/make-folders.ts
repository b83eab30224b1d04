/** Makes a folder and those above it. */
import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Level by level: Node's own recursive `mkdir` never returns where a system answers "no such file", as `/proc` does.
 * @throws what the system says where a folder cannot be made
 */
export async function makeFolders(path: string): Promise<void> {
  const folder = resolve(path);
  const known = await stat(folder).catch(() => null);
  if (known?.isDirectory() === true) return;
  if (known === null && dirname(folder) !== folder) await makeFolders(dirname(folder));
  await mkdir(folder).catch((error: unknown) => ignoreExisting(error, folder));
}

/** Another process may have made it meanwhile. */
async function ignoreExisting(error: unknown, folder: string): Promise<void> {
  const made = await stat(folder).catch(() => null);
  if (made?.isDirectory() !== true) throw error;
}
