import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('../../harness/backends/unpack_wheel.py', import.meta.url));
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'formerbench-wheel-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A zip that holds these paths and texts. */
function makeWheel(files: Readonly<Record<string, string>>): string {
  const wheel = join(folder, 'test.whl');
  const program = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as archive:
    for name, text in json.loads(sys.argv[2]).items():
        archive.writestr(name, text)`;
  execFileSync('python3', ['-c', program, wheel, JSON.stringify(files)]);
  return wheel;
}

const unpack = (wheel: string, limit: number, ...prefixes: string[]) =>
  spawnSync('python3', [script, wheel, join(folder, 'out'), String(limit), ...prefixes], {
    encoding: 'utf8',
  });

describe('unpacking a wheel', () => {
  it('keeps only what is asked for', () => {
    const wheel = makeWheel({ 'keep/a.txt': 'A', 'keep/b/c.txt': 'C', 'other/d.txt': 'D' });
    expect(unpack(wheel, 1000, 'keep/').status).toBe(0);
    expect(readdirSync(join(folder, 'out'))).toEqual(['keep']);
    expect(readFileSync(join(folder, 'out/keep/b/c.txt'), 'utf8')).toBe('C');
  });

  it('refuses a path that climbs out, and writes nothing there', () => {
    const result = unpack(makeWheel({ 'keep/../../escaped.txt': 'X' }), 1000, 'keep/');
    expect(result.status).not.toBe(0);
    expect(result.stderr).toContain('climbs out of the archive');
    expect(existsSync(join(folder, 'escaped.txt'))).toBe(false);
  });

  it('refuses to unpack more than the limit', () => {
    const result = unpack(makeWheel({ 'keep/big.txt': 'x'.repeat(100_000) }), 50_000, 'keep/');
    expect(result.status).not.toBe(0);
    expect(result.stderr).toContain('more than 50000 bytes');
  });

  it('fails on a wheel that is cut short', () => {
    const wheel = makeWheel({ 'keep/a.txt': 'A' });
    truncateSync(wheel, 60);
    expect(unpack(wheel, 1000, 'keep/').status).not.toBe(0);
  });
});
