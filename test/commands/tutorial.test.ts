/** The tutorial up to its last command, which trains: that is followed by the smoke tests. */
import { expect, test } from 'vitest';
import { temporaryFolder } from '../harness/folders.js';
import { follow, readTutorial } from '../support/tutorial.js';

test('what the tutorial says can be done, and prints what it shows', async () => {
  const steps = readTutorial().filter(
    (step) => step.kind === 'file' || step.args[0] !== 'reproduce-paper-tables',
  );
  expect(steps.map((step) => (step.kind === 'file' ? step.name : step.args[0]))).toEqual([
    'new-architecture',
    'check-architecture',
    'aft-simple.ts',
    'check-architecture',
    'list',
  ]);
  for (const step of steps) if (step.kind === 'command') expect(step.shown).not.toEqual([]);
  await follow(steps, temporaryFolder());
});
