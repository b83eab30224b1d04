/** The promises of every architecture, to be held on every backend. */
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Architecture } from '../../architectures/contract.js';
import { architectures } from '../../architectures/index.js';
import type { BackendName } from '../../harness/backends/index.js';
import { readGolden } from '../../harness/conformance/golden-file.js';
import { checkArchitecture, measures } from '../../harness/conformance/kit.js';
import { useBackend } from './backend.js';

/** Where the golden vectors of an architecture are, when they are at hand. */
export const goldenFolder = (name: string): string =>
  new URL(`../../../shared/golden/${name.replaceAll('-', '_')}`, import.meta.url).pathname;

/** The names of the checks that fail. */
export async function failing(architecture: Architecture, chosen = measures): Promise<string[]> {
  const checks = await checkArchitecture(architecture, [], chosen);
  return checks.filter(({ passed }) => !passed).map(({ name }) => name);
}

const named = (each: Architecture) => [each.name, each] as const;

/** @param chosen - what to measure; everything when left out */
export function kitSuite(backend: BackendName, chosen = measures): void {
  describe(`the conformance kit on ${backend}`, () => {
    useBackend(backend);

    it.each(architectures.map(named))('%s passes every check', async (_, architecture) => {
      const checks = await checkArchitecture(architecture, [], chosen);
      expect(checks.filter(({ passed }) => !passed)).toEqual([]);
    });
  });
}

export function goldenSuite(backend: BackendName): void {
  const withGolden = architectures.filter(({ name }) => existsSync(goldenFolder(name)));
  if (withGolden.length === 0) {
    console.info('golden vectors are not at hand: ../shared/golden does not exist');
    return;
  }

  describe(`golden vectors on ${backend}`, () => {
    useBackend(backend);

    it.each(withGolden.map(named))('%s agrees with its golden vectors', async (name, architecture) => {
      const golden = await readGolden(goldenFolder(name));
      const checks = await checkArchitecture(architecture, golden, []);
      expect(checks.length).toBe(2 * golden.length);
      expect(checks.filter(({ passed }) => !passed)).toEqual([]);
    });
  });
}
