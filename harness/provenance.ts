/**
 * Where a record comes from: which program, on which machine, asked for how.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, realpath } from 'node:fs/promises';
import { arch, cpus, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { withoutPassword } from './passwords.js';
import type { Provenance } from './record.js';
import { packageRoot } from './sources.js';

/** What is the same for every record of one run. */
export type RunProvenance = Omit<
  Provenance,
  'sourcesSha256' | 'loadBefore' | 'loadAfter' | 'startedAt' | 'endedAt'
>;

/**
 * @param preset - that the cells come from, or null
 * @param root - the package; a test gives its own
 */
export async function describeRun(preset: string | null, root: string = packageRoot): Promise<RunProvenance> {
  const cores = cpus();
  return {
    formerbench: await packageVersion(root),
    git: await gitState(root),
    lockfileSha256: await lockfileHash(root),
    node: process.version,
    platform: `${platform()} ${release()} ${arch()}`,
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
    totalMemoryBytes: totalmem(),
    preset,
    commandLine: ['formerbench', ...process.argv.slice(2).map(withoutPassword)],
  };
}

export async function packageVersion(root: string = packageRoot): Promise<string> {
  const text = await readFile(join(root, 'package.json'), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}

/** Null for an installed package, which has no lockfile of its own. */
async function lockfileHash(root: string): Promise<string | null> {
  const bytes = await readFile(join(root, 'package-lock.json')).catch(() => null);
  return bytes === null ? null : createHash('sha256').update(bytes).digest('hex');
}

const run = promisify(execFile);

/** Null when the package is no checkout of its own; a repository that it is installed in says nothing about it. */
async function gitState(root: string): Promise<Provenance['git']> {
  const git = async (...args: string[]) => (await run('git', args, { cwd: root })).stdout.trim();
  try {
    if ((await realpath(await git('rev-parse', '--show-toplevel'))) !== (await realpath(root))) return null;
    const commit = await git('rev-parse', 'HEAD');
    return { commit, dirty: (await git('status', '--porcelain')) !== '' };
  } catch {
    return null;
  }
}
