/** The program as a user meets it: help, slips, exit codes, clean JSON. Nothing here trains. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageVersion } from '../../harness/provenance.js';
import { packageRoot } from '../../harness/sources.js';
import { recordOf } from '../harness/cells.js';
import { temporaryFolder, tree } from '../harness/folders.js';
import { pluginFile } from '../harness/plugin-files.js';
import { formerbench, start } from './formerbench.js';

const run = ['run', '--architecture', 'fastformer', '--dataset', 'brown'];
const reproduce = 'reproduce-paper-tables';
const ranged = "z.strictObject({ scale: z.number().min(0).max(2).default(1).describe('of every number') })";

test('help shows the commands, examples and exit codes on stdout', async () => {
  const { code, stdout, stderr } = await formerbench('--help');
  expect([code, stderr]).toEqual([0, '']);
  for (const word of [reproduce, 'run', 'list', 'report', 'doctor', 'backend', 'Examples:', 'Exit codes:']) {
    expect(stdout).toContain(word);
  }
});

test('the version is the one of the package', async () => {
  const { code, stdout } = await formerbench('--version');
  expect([code, stdout]).toEqual([0, `${await packageVersion()}\n`]);
});

describe('a slip is wrong usage: code 2, one message with the nearest name, nothing on stdout, nothing written', () => {
  test.each<[string, string[], string]>([
    ['command', ['reproduce-paper-table'], reproduce],
    ['option', [reproduce, '--presett', 'smoke'], '--preset'],
    ['preset', [reproduce, '--preset', 'smok'], 'smoke'],
    ['table', [reproduce, '--only', 'tabel-4'], "did you mean 'table-4'?"],
    ['architecture', [reproduce, '--architectures', 'fastfromer'], "did you mean 'fastformer'?"],
    ['dataset', [reproduce, '--datasets', 'imbd'], "did you mean 'imdb'?"],
    ['dataset that is not here', [reproduce, '--datasets', 'imdb'], "dataset 'imdb' is not here"],
    ['backend', [reproduce, '--backend', 'wasn'], 'Allowed choices are auto'],
    ['scheduler', [reproduce, '--scheduler', 'pbs'], 'Allowed choices are local, bullmq, slurm'],
    ['number of seeds', [reproduce, '--seeds', '0'], 'at least 1'],
    ['seed', [...run, '--seed', '0'], 'TensorFlow.js reads 0 as no seed'],
    ['time', [reproduce, '--time-budget', '20'], '20m'],
    ['option of an architecture', [...run, '--option', 'logit=head'], "did you mean 'logits'?"],
    ['value of such an option', [...run, '--option', 'logits=tail'], 'logits'],
    ['size', [...run, '--hidden', '10', '--heads', '3'], '--heads 3 must divide --hidden 10'],
    ['size beyond its range', [...run, '--length', '100000'], 'length'],
    ['list with blanks', [reproduce, '--datasets', 'a.csv', 'b.csv'], 'separated by commas'],
    ['missing dataset', ['run', '--architecture', 'fastformer'], 'needs --dataset'],
    ['list', ['list', 'architecture'], 'architectures'],
  ])('%s', async (_what, args, message) => {
    const out = join(temporaryFolder(), 'results');
    const withOut =
      args[0] === 'list' || args[0] === 'reproduce-paper-table' ? args : [...args, '--out', out];
    const { code, stdout, stderr } = await start(withOut, { XDG_CACHE_HOME: temporaryFolder() }).ended;
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect([code, stdout, existsSync(out)]).toEqual([2, '', false]);
  });
});

describe('what cannot work is an error: code 1, one message, before anything runs', () => {
  test.each<[string, () => string[], string]>([
    [
      'a data folder that is missing',
      () => [reproduce, '--data', join(temporaryFolder(), 'gone')],
      'does not exist',
    ],
    ['a data folder that is empty', () => [reproduce, '--data', temporaryFolder()], 'is empty'],
    ['a plugin that is missing', () => [reproduce, '--plugin', 'gone.ts'], 'gone.ts does not exist'],
    [
      'a plugin without create',
      () => [reproduce, '--plugin', pluginFile({ create: '' })],
      'create: expected a function',
    ],
    [
      'a plugin of a taken name',
      () => [reproduce, '--plugin', pluginFile({ name: "'none'" })],
      "the name 'none' is taken",
    ],
    ['records that are not there', () => ['report', join(temporaryFolder(), 'gone')], 'does not exist'],
    [
      'a file for a folder',
      () => [reproduce, '--out', join(tree({ results: '' }), 'results')],
      'cannot write results to',
    ],
    [
      'a record cut short',
      () => ['report', tree({ 'records/00000000000000aa.json': '{"id"' })],
      'is cut short',
    ],
    ['a child without a parent', () => ['worker-cell'], 'formerbench run'],
  ])('%s', async (_what, args, message) => {
    const { code, stdout, stderr } = await formerbench(...args());
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect([code, stdout]).toEqual([1, '']);
  });

  test('--debug adds where it comes from', async () => {
    const { stderr } = await formerbench(reproduce, '--plugin', 'gone.ts', '--debug');
    expect(stderr).toMatch(/^\s+at .*plugins\.ts/m);
  });
});

test('a folder that another process writes to is left alone', async () => {
  const out = temporaryFolder();
  mkdirSync(join(out, 'records'));
  const started = existsSync('/proc/self/stat') ? readFileSync(`/proc/${process.pid}/stat`, 'utf8') : null;
  const ticks = started?.slice(started.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  const { hostname } = await import('node:os');
  writeFileSync(join(out, '.lock'), JSON.stringify({ pid: process.pid, host: hostname(), started: ticks }));
  const { code, stderr } = await formerbench(reproduce, '--preset', 'smoke', '--out', out);
  expect([code, stderr.includes(`process ${process.pid} is writing to this folder`)]).toEqual([1, true]);
});

describe('list', () => {
  test.each(['architectures', 'tasks', 'datasets', 'tables', 'presets', 'baselines'])(
    '%s prints one JSON document of named, titled entries',
    async (what) => {
      const { code, stdout, stderr } = await formerbench('list', what, '--json');
      const entries = JSON.parse(stdout) as { name: string; title: string }[];
      expect([code, stderr]).toEqual([0, '']);
      expect(entries.length).toBeGreaterThan(0);
      for (const { name, title } of entries) {
        expect(name).toMatch(/^[a-z][a-z0-9-]*$/);
        expect(title).not.toBe('');
      }
    },
  );

  test('shows a plugin with its options, though it has no packages of its own', async () => {
    const { code, stdout, stderr } = await formerbench(
      'list',
      'architectures',
      '--plugin',
      pluginFile({ options: ranged }),
      '--json',
    );
    expect([code, stderr]).toEqual([0, '']);
    const entries = JSON.parse(stdout) as { name: string; options: unknown[] }[];
    expect(entries.at(-1)).toMatchObject({
      name: 'identity',
      complexity: 'O(1)',
      citation: { url: 'https://example.org' },
      supports: { causal: true },
      deviations: [],
    });
    expect(entries.at(-1)?.options).toEqual([
      {
        name: 'scale',
        type: 'number',
        choices: null,
        default: 1,
        minimum: 0,
        maximum: 2,
        description: 'of every number',
      },
    ]);
  });

  test('shows for a person what an option may be', async () => {
    const { stdout } = await formerbench(
      'list',
      'architectures',
      '--plugin',
      pluginFile({ options: ranged }),
    );
    expect(stdout).toContain('scale=number from 0 to 2 (default 1): of every number');
    expect(stdout).toMatch(/^ +logits=whole\|head \(default whole\): /m);
  });

  test('shows for a person what is here and what stands in', async () => {
    const { stdout } = await start(['list', 'datasets'], { XDG_CACHE_HOME: temporaryFolder() }).ended;
    expect(stdout).toMatch(/^imdb .*: not here$/m);
    expect(stdout).toMatch(/^brown .*\(stands in\): here$/m);
  });
});

test('a report is rebuilt from records alone, and says where it is', async () => {
  const out = tree({ 'records/00000000000000aa.json': JSON.stringify(recordOf('00000000000000aa')) });
  const { code, stdout } = await formerbench('report', out, '--json');
  expect(JSON.parse(stdout)).toMatchObject({ report: join(out, 'report.html'), records: 1 });
  expect([code, readFileSync(join(out, 'report.html'), 'utf8').slice(0, 15).toLowerCase()]).toEqual([
    0,
    '<!doctype html>',
  ]);
});

test('a reader that goes away is no error', async () => {
  const program = [process.execPath, join(packageRoot, 'bin/formerbench.js'), 'list', 'datasets', '--json'];
  const child = spawn(program[0]!, program.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect([code, stderr]).toEqual([0, '']);
});
