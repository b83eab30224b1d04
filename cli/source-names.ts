/** What a page calls folders: the end of each path, never a machine's whole one. */
import { resolve, sep } from 'node:path';

/** As much of the end of each path as tells them apart. */
export function sourceNames(paths: readonly string[]): string[] {
  const parts = paths.map((path) =>
    resolve(path)
      .split(sep)
      .filter((part) => part !== ''),
  );
  const longest = Math.max(...parts.map(({ length }) => length));
  for (let count = 1; count < longest; count++) {
    const names = parts.map((part) => part.slice(-count).join('/'));
    if (new Set(names).size === names.length) return names;
  }
  return paths.map((_, index) => `folder ${index + 1}`);
}
