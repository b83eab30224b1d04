/**
 * One hash for all sources that a number can depend on: two processes with the same one measure the same thing.
 *
 * A cell's own hash covers less and is checked as well; this one tells a worker of another version before it gets a cell.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './sources.js';

const folders = ['architectures', 'tasks', 'harness'];

/**
 * @param plugins - files of architectures that are not built in; their order and place do not count
 * @returns 16 hexadecimal digits
 */
export function fingerprint(plugins: readonly string[], root: string = packageRoot): string {
  const hash = createHash('sha256');
  for (const folder of folders) {
    for (const name of sourcesIn(join(root, folder))) {
      hash.update(`${folder}/${name}\0`).update(readFileSync(join(root, folder, name)));
    }
  }
  const digests = plugins.map((file) => createHash('sha256').update(readFileSync(file)).digest('hex'));
  return hash.update(digests.sort().join('\n')).digest('hex').slice(0, 16);
}

const sourcesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.replaceAll('\\', '/'))
    .sort();
