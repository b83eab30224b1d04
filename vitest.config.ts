import { defineConfig } from 'vitest/config';

/** Unit tests run everywhere; the others need what their folder's name says, and have their own scripts. */
const project = (name: string, include: string[], testTimeout: number) => ({
  test: { name, include, testTimeout, hookTimeout: testTimeout, pool: 'forks' as const },
});

export default defineConfig({
  test: {
    projects: [
      project(
        'unit',
        ['test/{architectures,tasks,harness,reports,cli,bench}/**/*.test.ts', 'test/*.test.ts'],
        60_000,
      ),
      project('commands', ['test/commands/**/*.test.ts'], 600_000),
      project('native', ['test/native/**/*.test.ts'], 300_000),
      project('browser', ['test/browser/**/*.test.ts'], 300_000),
      project('faults', ['test/faults/**/*.test.ts'], 600_000),
      project('package', ['test/package/**/*.test.ts'], 600_000),
      project('smoke', ['test/smoke/**/*.test.ts'], 600_000),
    ],
  },
});
