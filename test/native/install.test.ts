/** A real installation: downloads, compiles, is killed, and is damaged. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, truncateSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { checkInChild } from '../../harness/backends/diagnose.js';
import { resolveBackend } from '../../harness/backends/index.js';
import { findInstallation } from '../../harness/backends/manifest.js';
import { installationsFolder } from '../../harness/backends/places.js';
import { packageRoot } from '../../harness/sources.js';

let cache = '';
beforeAll(() => {
  cache = mkdtempSync(join(tmpdir(), 'formerbench-install-'));
  vi.stubEnv('FORMERBENCH_CACHE', cache);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true, force: true, maxRetries: 10, retryDelay: 500 });
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function startInstaller(): {
  child: ChildProcess;
  said: (text: string) => Promise<void>;
  ended: Promise<Ended>;
} {
  const program = join(packageRoot, 'bin/formerbench.js');
  const child = spawn(process.execPath, [program, 'backend', 'install', '--json'], { detached: true });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
  const said = (text: string) =>
    new Promise<void>((resolve, reject) => {
      child.stderr.on('data', () => {
        if (stderr.includes(text)) resolve();
      });
      child.on('close', () => {
        reject(new Error(`the installer ended without saying "${text}": ${stderr}`));
      });
    });
  return { child, said, ended };
}

describe('an installation', () => {
  it('that is killed leaves nothing that would be used', async () => {
    const { child, said, ended } = startInstaller();
    await said('compile the binding');
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    await ended;
    expect(findInstallation('cpu').state).toBe('absent');
    expect(await resolveBackend('auto')).toBe('wasm');
    expect(readdirSync(installationsFolder())).toHaveLength(1);
  });

  it('runs again after that, even twice at once, within two minutes, and leaves one whole installation', async () => {
    const start = performance.now();
    const ended = await Promise.all([startInstaller().ended, startInstaller().ended]);
    expect(performance.now() - start).toBeLessThan(120_000);
    for (const { code, stdout, stderr } of ended) {
      expect(stderr.split('\n').at(-2), stderr).not.toContain('error');
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ installed: true, variant: 'cpu', tensorflow: '2.21.0' });
    }
    expect(findInstallation('cpu').state).toBe('whole');
    expect(readdirSync(installationsFolder())).toHaveLength(2);
    expect(await resolveBackend('auto')).toBe('tensorflow');
  });

  it('is not made again when it is there', async () => {
    const { code, stdout } = await startInstaller().ended;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ installed: false });
  });

  it('loads in a process of its own, trains, and has the right gradients', async () => {
    const checks = await checkInChild('tensorflow');
    expect(checks.filter(({ passed }) => !passed)).toEqual([]);
    expect(checks.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['files', 'training', 'gradient of gather']),
    );
  });

  it('with one changed byte is found by its checksum', async () => {
    const file = openSync(bindingPath(), 'r+');
    writeSync(file, 'X', 200);
    closeSync(file);
    const checks = await checkInChild('tensorflow');
    expect(checks).toHaveLength(1);
    expect(checks[0]).toMatchObject({ name: 'files', passed: false });
    expect(checks[0]?.detail).toContain('backend install');
  });

  it('with a library that is cut short is refused, and says what to do', async () => {
    truncateSync(bindingPath(), 1000);
    await expect(resolveBackend('tensorflow')).rejects.toThrow(
      /damaged.*1000 bytes.*formerbench backend install/,
    );
    expect(await resolveBackend('auto')).toBe('wasm');
  });
});

function bindingPath(): string {
  const installation = findInstallation('cpu');
  if (installation.state !== 'whole')
    throw new Error(`expected a whole installation, not ${installation.state}`);
  return join(installation.root, installation.manifest.binding);
}
