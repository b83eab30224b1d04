/** A disk that is full or read-only, and a folder that another run writes to. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { formerbench, start } from '../commands/formerbench.js';
import { temporaryFolder } from '../harness/folders.js';
import { brownTable } from './brown-table.js';

const chance = (out: string, seed: number) => [
  ...['run', '--architecture', 'chance', '--dataset', 'brown', '--preset', 'smoke'],
  ...['--seed', String(seed), '--out', out, '--json'],
];

const contents = (folder: string): Map<string, string> =>
  new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));

describe.runIf(process.platform === 'linux' && process.getuid?.() === 0)('a small disk of its own', () => {
  const mounted: string[] = [];

  afterEach(() => {
    for (const folder of mounted.splice(0)) execFileSync('umount', [folder]);
  });

  function mount(size: string): string {
    const folder = temporaryFolder();
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]);
    mounted.push(folder);
    return folder;
  }

  test('when it is full, what is recorded stays, and with room again only the rest is run', async () => {
    const out = mount('256k');
    expect((await formerbench(...chance(out, 1))).code).toBe(0);
    const before = contents(join(out, 'records'));
    let size = 2 ** 20;
    while (size >= 1) {
      try {
        writeFileSync(join(out, `filler-${size}`), 'x'.repeat(size));
        size = size > 4096 ? size : 0;
      } catch {
        rmSync(join(out, `filler-${size}`), { force: true });
        size = Math.floor(size / 2);
      }
      if (readdirSync(out).includes(`filler-${size}`)) size = Math.floor(size / 2);
    }
    const full = await formerbench(...chance(out, 2));
    expect(full.code).toBe(1);
    expect(full.stdout).toBe('');
    expect(full.stderr).toMatch(/ENOSPC|no space left/);
    expect(full.stderr).not.toContain('    at ');
    const after = contents(join(out, 'records'));
    for (const [name, text] of before) expect(after.get(name)).toBe(text);
    for (const name of readdirSync(out)) if (name.startsWith('filler-')) rmSync(join(out, name));
    const again = await formerbench(...chance(out, 2));
    expect(again.code).toBe(0);
    expect([...contents(join(out, 'records')).keys()].filter((name) => name.endsWith('.json'))).toHaveLength(
      2,
    );
    expect(readdirSync(join(out, 'records')).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('when it is read-only, nothing runs', async () => {
    const out = mount('256k');
    expect((await formerbench(...chance(out, 1))).code).toBe(0);
    execFileSync('mount', ['-o', 'remount,ro', out]);
    const { code, stdout, stderr } = await formerbench(...chance(out, 2));
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`cannot write results to ${out}`);
    expect(stderr).toContain('--out');
  });
});

test('a second run in the same folder is refused and names the first, which goes on', async () => {
  const out = temporaryFolder();
  const first = start([
    ...brownTable,
    '--architectures',
    'none',
    '--backend',
    'wasm',
    '--out',
    out,
    '--json',
  ]);
  await first.said('cells; about');
  const second = await formerbench(...chance(out, 9));
  expect([second.code, second.stdout]).toEqual([1, '']);
  expect(second.stderr).toContain(`process ${first.child.pid} is writing to this folder`);
  expect((await first.ended).code).toBe(0);
  expect(readdirSync(join(out, 'records'))).toHaveLength(3);
});
