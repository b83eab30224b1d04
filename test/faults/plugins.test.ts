/** Plugins that misbehave: each is a typed failure of its own cell, and of no other. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunRecord } from '../../harness/record.js';
import { formerbench } from '../commands/formerbench.js';
import { temporaryFolder } from '../harness/folders.js';
import { brownTable } from './brown-table.js';
import { pluginFile } from '../harness/plugin-files.js';

const allocate = '() => { const all = []; for (;;) all.push(new Float32Array(1e7).fill(1)); }';

test.each([
  ['throws', "() => { throw new Error('not today'); }", 'plugin error', 'not today'],
  ['throws when made', 'THROW', 'plugin error', 'not at all'],
  ['returns another shape', '(x) => tf.mean(x, 1)', 'plugin error', ''],
  ['returns nothing', '() => undefined', 'plugin error', ''],
  ['returns NaN', '(x) => tf.mul(x, NaN)', 'diverged', ''],
  ['loops for ever', '() => { for (;;); }', 'timeout', 'after 15 s'],
  ['allocates without end', allocate, 'out of memory', ''],
  ['ends the process', '() => process.exit(0)', 'crashed', 'without a result'],
  ['kills the process', "() => { process.kill(process.pid, 'SIGABRT'); for (;;); }", 'crashed', 'SIGABRT'],
])('a plugin that %s is a failed cell', async (_what, mixer, kind, words) => {
  const create = mixer === 'THROW' ? "() => { throw new Error('not at all'); }" : `() => ${mixer}`;
  const out = temporaryFolder();
  const { code, stdout } = await formerbench(
    ...['run', '--architecture', 'identity', '--plugin', pluginFile({ create }), '--dataset', 'brown'],
    ...[
      '--preset',
      'smoke',
      '--backend',
      'wasm',
      '--out',
      out,
      '--json',
      '--time-limit',
      '15s',
      '--memory-limit',
      '1GB',
    ],
  );
  const record = JSON.parse(stdout) as RunRecord;
  expect(record.failure?.kind).toBe(kind);
  expect(record.failure?.message).toContain(words);
  expect(code).toBe(3);
  expect(JSON.parse(readFileSync(join(out, 'records', `${record.id}.json`), 'utf8'))).toEqual(record);
});

test('beside a plugin that fails, every other cell is recorded and the report is written', async () => {
  const out = temporaryFolder();
  const plugin = pluginFile({ create: "() => () => { throw new Error('not today'); }" });
  const { code, stdout, stderr } = await formerbench(
    ...brownTable,
    ...['--architectures', 'identity,none', '--plugin', plugin, '--backend', 'wasm', '--out', out, '--json'],
  );
  expect(code).toBe(3);
  const summary = JSON.parse(stdout) as { report: string; cells: unknown };
  expect(summary.cells).toMatchObject({ planned: 4, ran: 4, failed: 1 });
  expect(stderr).toContain('plugin error: not today');
  expect(readFileSync(summary.report, 'utf8')).toContain('not today');
  expect(readdirSync(join(out, 'records'))).toHaveLength(4);
});
