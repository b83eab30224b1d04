/** Starts a backend for the tests of one file. */
import { beforeAll } from 'vitest';
import { type BackendInfo, type BackendName, startBackend } from '../../harness/backends/index.js';

/**
 * Call at the top of a file or of a `describe`: the backend is on before its first test. A backend that cannot start
 * fails the tests with the reason and with what to do.
 *
 * @returns what the started backend says of itself, filled before the first test
 */
export function useBackend(name: BackendName): Partial<BackendInfo> {
  const info: Partial<BackendInfo> = {};
  beforeAll(async () => {
    Object.assign(info, await startBackend(name));
  });
  return info;
}
