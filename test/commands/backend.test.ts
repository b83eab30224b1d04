import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { start } from './formerbench.js';

const cache = mkdtempSync(join(tmpdir(), 'formerbench-cache-'));
afterAll(() => {
  rmSync(cache, { recursive: true });
});
const run = (...args: string[]) => start(args, { FORMERBENCH_CACHE: cache }).ended;

describe('formerbench backend', () => {
  it('lists backends as one JSON document', async () => {
    const { code, stdout } = await run('backend', 'list', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ cache, backends: [{}, {}, { name: 'wasm', used: true }, {}] });
  });

  it('says what an installation for GPUs would do, and that it has not run on one, without doing it', async () => {
    const { code, stdout } = await run('backend', 'install', '--gpu', '--dry-run');
    if (process.platform === 'linux' && process.arch === 'x64') {
      expect(code).toBe(0);
      expect(stdout).toContain('has not been run on a GPU');
      expect(stdout).toContain('CUDA');
    } else expect(code).toBe(1);
    expect(readdirSync(cache)).toEqual([]);
  });

  it('removes nothing where nothing is installed', async () => {
    const { code, stdout } = await run('backend', 'remove', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ removed: false });
  });

  it('refuses an unknown command as wrong usage', async () => {
    expect((await run('backend', 'instal')).code).toBe(2);
  });
});
