import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeRun, packageVersion } from '../../harness/provenance.js';
import { tree } from './folders.js';

const packageJson = JSON.stringify({ name: 'some', version: '7.8.9' });

function checkout(): { root: string; git: (...args: string[]) => string } {
  const root = tree({ 'package.json': packageJson, 'package-lock.json': '{}' });
  const identity = ['-c', 'user.name=T', '-c', 'user.email=t@example.org'];
  const git = (...args: string[]) =>
    execFileSync('git', [...identity, ...args], { cwd: root, encoding: 'utf8' }).trim();
  git('init', '-q');
  git('add', '.');
  git('commit', '-q', '-m', 'first');
  return { root, git };
}

test('a checkout tells its commit, and whether it was changed', async () => {
  const { root, git } = checkout();
  expect((await describeRun('quick', root)).git).toEqual({ commit: git('rev-parse', 'HEAD'), dirty: false });
  writeFileSync(join(root, 'new.ts'), '');
  expect((await describeRun('quick', root)).git?.dirty).toBe(true);
});

test('a package in the checkout of someone else does not claim its commit', async () => {
  const { root } = checkout();
  const installed = join(root, 'node_modules', 'formerbench');
  mkdirSync(installed, { recursive: true });
  writeFileSync(join(installed, 'package.json'), packageJson);
  const provenance = await describeRun(null, installed);
  expect(provenance.git).toBeNull();
  expect(provenance.lockfileSha256).toBeNull();
});

test('the versions, the lockfile, the machine and the question are told', async () => {
  const { root } = checkout();
  expect(await describeRun('smoke', root)).toMatchObject({
    formerbench: '7.8.9',
    lockfileSha256: createHash('sha256').update('{}').digest('hex'),
    node: process.version,
    preset: 'smoke',
  });
  expect(await packageVersion(root)).toBe('7.8.9');
});
