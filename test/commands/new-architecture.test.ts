/** A new architecture compiles, passes the conformance kit and trains as it is written, far from this package. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../harness/sources.js';
import { temporaryFolder, tree } from '../harness/folders.js';
import { start } from './formerbench.js';

/** On the embedded backend, in a folder of the user's own. */
const run = (folder: string, ...args: string[]) =>
  start(args, { FORMERBENCH_CACHE: join(folder, 'cache') }, folder).ended;

/** What `npm install formerbench typescript` puts there. */
function installPackages(folder: string): void {
  const packages = join(folder, 'node_modules');
  mkdirSync(join(packages, '@tensorflow'), { recursive: true });
  symlinkSync(packageRoot, join(packages, 'formerbench'));
  for (const name of ['zod', '@tensorflow/tfjs-core'])
    symlinkSync(join(packageRoot, 'node_modules', name), join(packages, name));
}

/** The compiler's complaints about one file of a user. */
function compile(file: string, folder: string): string {
  const compiler = join(packageRoot, 'node_modules/typescript/bin/tsc');
  const language = ['--strict', '--target', 'es2023', '--module', 'nodenext', '--skipLibCheck', '--noEmit'];
  const javascript = file.endsWith('.js') ? ['--allowJs', '--checkJs'] : [];
  const types = ['--types', 'node', '--typeRoots', join(packageRoot, 'node_modules/@types')];
  try {
    execFileSync(process.execPath, [compiler, ...language, ...javascript, ...types, file], { cwd: folder });
    return '';
  } catch (error) {
    return String((error as { stdout?: unknown }).stdout);
  }
}

describe.each(['ts', 'js'])('a new architecture in .%s', (language) => {
  const flags = language === 'js' ? ['--js'] : [];
  const file = `word-mixer.${language}`;

  test('compiles and passes the conformance kit as it is', async () => {
    const folder = temporaryFolder();
    const { code, stdout } = await run(folder, 'new-architecture', 'word-mixer', ...flags);
    expect([code, stdout, readdirSync(folder)]).toEqual([0, `${file}\n`, [file]]);
    const checked = await run(folder, 'check-architecture', file, '--json');
    const { name, checks } = JSON.parse(checked.stdout) as { name: string; checks: { passed: boolean }[] };
    expect(checks.filter(({ passed }) => !passed)).toEqual([]);
    expect([checked.code, name]).toEqual([0, 'word-mixer']);
    installPackages(folder);
    expect(compile(file, folder)).toBe('');
  });

  test('trains in a process of its own', async () => {
    const folder = temporaryFolder();
    await run(folder, 'new-architecture', 'word-mixer', '--out', 'mine/new', ...flags);
    const plugin = ['--plugin', join('mine/new', file), '--option', 'scale=0.5'];
    const cell = ['--architecture', 'word-mixer', '--dataset', 'brown', '--preset', 'smoke'];
    const { code, stdout, stderr } = await run(folder, 'run', ...cell, ...plugin, '--json');
    expect(code, stderr).toBe(0);
    const record = JSON.parse(stdout) as { cell: unknown; curve: unknown[] };
    expect(record.cell).toMatchObject({ options: { scale: 0.5 } });
    expect(record.curve.length).toBeGreaterThan(0);
  });
});

test('types are checked: a mixer that gives a text does not compile', async () => {
  const folder = temporaryFolder();
  for (const flags of [[], ['--js']]) await run(folder, 'new-architecture', 'word-mixer', ...flags);
  installPackages(folder);
  for (const file of ['word-mixer.ts', 'word-mixer.js']) {
    const text = readFileSync(join(folder, file), 'utf8').replace(/return output\(.*;/, "return 'tokens';");
    writeFileSync(join(folder, file), text);
    expect(compile(file, folder), file).toContain("'Tensor3D'");
  }
});

describe('no file is written', () => {
  test.each([
    ['Word_Mixer.ts', "did you mean 'word-mixer'?"],
    ['7', 'expected lower case letters, digits and dashes'],
    ['fastformer', "the name 'fastformer' is taken by a built-in architecture"],
    ['naive-bayes', 'is taken by a baseline'],
    ['all', 'is taken by'],
  ])('under the name %s', async (name, message) => {
    const folder = temporaryFolder();
    const { code, stdout, stderr } = await run(folder, 'new-architecture', name);
    expect(stderr).toContain(message);
    expect([code, stdout, readdirSync(folder)]).toEqual([2, '', []]);
  });

  test('over another', async () => {
    const folder = tree({ 'mine.ts': 'precious' });
    const { code, stderr } = await run(folder, 'new-architecture', 'mine');
    expect(stderr).toContain('mine.ts exists and is left as it is');
    expect([code, readFileSync(join(folder, 'mine.ts'), 'utf8')]).toEqual([1, 'precious']);
  });

  test('where a file is in the place of the folder', async () => {
    const folder = tree({ mine: '' });
    const { code, stderr } = await run(folder, 'new-architecture', 'word-mixer', '--out', 'mine');
    expect(stderr).toContain(`cannot write ${join('mine', 'word-mixer.ts')}`);
    expect(code).toBe(1);
  });
});
