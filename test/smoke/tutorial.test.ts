/** The tutorial's last command: the architecture that it builds gets a row in Table 4 and a line in figure 2. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readRecords } from '../../harness/read-records.js';
import { summarize } from '../../reports/summary.js';
import { temporaryFolder } from '../harness/folders.js';
import { follow, readTutorial } from '../support/tutorial.js';

test('AFT-simple of the tutorial stands beside Fastformer in the report', async () => {
  const folder = temporaryFolder();
  const steps = readTutorial().filter(
    (step) => step.kind === 'file' || step.args[0] === 'reproduce-paper-tables',
  );
  expect(steps.map(({ kind }) => kind)).toEqual(['file', 'command']);
  await follow(steps, folder);
  const records = await readRecords([join(folder, 'results')]);
  const ours = records.filter(({ cell }) => cell.architecture === 'aft-simple');
  expect(new Set(ours.map(({ cell }) => cell.kind))).toEqual(new Set(['encoder', 'speed']));
  // So small a model, trained so briefly, may learn nothing; its row is there and says so.
  for (const { failure } of ours) expect(['did not learn', undefined]).toContain(failure?.kind);
  const places = summarize(records).tables.flatMap(({ name, cells }) =>
    cells.some(({ architecture }) => architecture === 'aft-simple') ? [name] : [],
  );
  expect(places).toEqual(expect.arrayContaining(['table-4', 'figure-2']));
  const page = readFileSync(join(folder, 'results/report.html'), 'utf8');
  expect(page).toContain('aft-simple');
});
