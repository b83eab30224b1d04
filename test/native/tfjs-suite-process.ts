/**
 * Runs the tests that TensorFlow.js publishes in its package on the native backend, with our kernels and repairs on, and
 * prints one line of JSON. The tests are written for Jasmine; tests that tfjs-node itself excepts are left out.
 */
import { startBackend } from '../../harness/backends/index.js';
import { environmentOfSuite } from './tfjs-suite-environment.js';

await startBackend('tensorflow');
const environment = environmentOfSuite();
let passed = 0;
let skipped = 0;
const failed: { name: string; message: string }[] = [];
environment.addReporter({
  specDone: ({ fullName, status, failedExpectations }) => {
    if (status === 'passed') passed++;
    else if (status === 'failed')
      failed.push({ name: fullName, message: failedExpectations[0]?.message ?? '' });
    else skipped++;
  },
});
await environment.execute();
process.stdout.write(`${JSON.stringify({ passed, skipped, failed })}\n`);
process.exit(0);
