/** The promises of every architecture, to be held on every backend. */
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Architecture } from '../../architectures/contract.js';
import { architectures } from '../../architectures/index.js';
import type { BackendName } from '../../harness/backends/index.js';
import { checkGolden, readGolden } from '../../harness/conformance/golden.js';
import { checkArchitecture } from '../../harness/conformance/kit.js';
import { useBackend } from './backend.js';

/** Where the golden vectors of an architecture are, when they are at hand. */
export const goldenFolder = (name: string): string =>
  new URL(`../../../shared/golden/${name}`, import.meta.url).pathname;

/** The names of the checks that fail. */
export const failing = (architecture: Architecture): string[] =>
  checkArchitecture(architecture, [])
    .filter(({ passed }) => !passed)
    .map(({ name }) => name);

export function architectureSuite(backend: BackendName): void {
  const withGolden = architectures.filter(({ name }) => existsSync(goldenFolder(name)));
  if (withGolden.length === 0)
    console.info('golden vectors are not at hand: ../shared/golden does not exist');
  const named = (each: Architecture) => [each.name, each] as const;

  describe(`on ${backend}`, () => {
    useBackend(backend);

    it.each(architectures.map(named))('%s passes every check', (_, architecture) => {
      expect(failing(architecture)).toEqual([]);
    });

    it.each(withGolden.map(named))('%s agrees with its golden vectors', async (name, architecture) => {
      const golden = await readGolden(goldenFolder(name));
      const checks = golden.flatMap((each) => checkGolden(architecture, each));
      expect(checks.filter(({ passed }) => !passed)).toEqual([]);
    });
  });
}
