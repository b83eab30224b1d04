import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Unit tests run everywhere; the others need what their folder's name says, and have their own scripts. */
const project = (name: string, include: string[], testTimeout: number) => ({
  test: { name, include, testTimeout, hookTimeout: testTimeout, pool: 'forks' as const },
});

/** Shows what TensorFlow.js does before it is repaired, so it needs a process in which nothing has repaired it yet. */
const unrepaired = 'test/harness/backends/defects.test.ts';

const unit = project(
  'unit',
  ['test/{architectures,tasks,harness,reports,cli,bench}/**/*.test.ts', 'test/*.test.ts'],
  60_000,
);

export default defineConfig({
  test: {
    // One process a core: whoever runs the tests waits for them.
    maxWorkers: availableParallelism(),
    projects: [
      // Its files share processes: to load TensorFlow.js and the sources anew for each would take half of the time.
      { test: { ...unit.test, isolate: false, exclude: [unrepaired] } },
      project('unrepaired', [unrepaired], 60_000),
      project('kit', ['test/kit/**/*.test.ts'], 60_000),
      project('commands', ['test/commands/**/*.test.ts'], 600_000),
      project('native', ['test/native/**/*.test.ts'], 300_000),
      project('browser', ['test/browser/**/*.test.ts'], 300_000),
      project('faults', ['test/faults/**/*.test.ts'], 600_000),
      project('distributed', ['test/distributed/**/*.test.ts'], 300_000),
      project('package', ['test/package/**/*.test.ts'], 600_000),
      project('smoke', ['test/smoke/**/*.test.ts'], 600_000),
    ],
  },
});
