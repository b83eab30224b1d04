/** Plugins that misbehave: each is a typed failure of its own cell, and of no other. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunRecord } from '../../harness/record.js';
import { formerbench } from '../commands/formerbench.js';
import { temporaryFolder } from '../harness/folders.js';
import { brownTable } from './brown-table.js';
import { pluginFile } from '../harness/plugin-files.js';

const nonsense =
  "() => { for (const sent of [null, 7, 'x', {}, { kind: 'event', event: null }, { kind: 'outcome', outcome: { metrics: 1 } }]) process.send(sent); process.exit(0); }";
const chatter =
  "(x) => { if (!globalThis.said) { globalThis.said = 1; for (let i = 0; i < 1e6; i++) process.stdout.write('a line of output\\n'); process.stdout.write('\\u0000\\xff\\n'); } throw new Error('said enough'); }";
const sabotage =
  "() => { JSON.stringify = () => '{}'; Array.prototype.map = () => []; throw new Error('gone'); }";
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
  ['sends nonsense to the parent', nonsense, 'crashed', 'a result that is not one'],
  ['prints a million lines', chatter, 'plugin error', 'said enough'],
  ['overwrites globals as it runs', sabotage, 'plugin error', 'gone'],
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

test.each([
  ['ends the process', 'process.exit(0);', 'it calls process.exit while it is loaded'],
  ['ends the process later', 'try { process.exit(0); } catch {}', 'it calls process.exit while it is loaded'],
  ['overwrites a global', "JSON.stringify = () => '{}';", 'it changes JSON.stringify'],
  ['adds to a prototype', 'Object.prototype.each = () => 1;', 'it changes Object.prototype.each'],
  ['throws', "throw new Error('not here');", 'not here'],
])('a plugin that %s while it is loaded is refused by name', async (_what, code, words) => {
  const file = pluginFile();
  writeFileSync(file, `${code}\n${readFileSync(file, 'utf8')}`);
  const out = temporaryFolder();
  const run = await formerbench(
    'run',
    '--architecture',
    'identity',
    '--plugin',
    file,
    '--dataset',
    'brown',
    '--out',
    out,
  );
  expect([run.code, run.stdout]).toEqual([1, '']);
  expect(run.stderr).toContain(`plugin ${file} cannot be loaded: `);
  expect(run.stderr).toContain(words);
});
