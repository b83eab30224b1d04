import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  BackendError,
  backendNames,
  describeBackends,
  resolveBackend,
  startBackend,
} from '../../../harness/backends/index.js';
import {
  describeFiles,
  findInstallation,
  type Manifest,
  manifestPath,
} from '../../../harness/backends/manifest.js';
import { installationKey, installationsFolder } from '../../../harness/backends/places.js';

let cache = '';
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'formerbench-cache-'));
  vi.stubEnv('FORMERBENCH_CACHE', cache);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true });
});

/** An installation whose library is a text: enough to be found, not to be loaded. */
async function installText(
  change: (manifest: Manifest) => unknown = (manifest) => manifest,
): Promise<string> {
  const folder = `${installationKey('cpu')}.1.00000000`;
  const root = join(installationsFolder(), folder);
  const library = join(root, 'lib', 'tfjs_binding.node');
  mkdirSync(dirname(library), { recursive: true });
  writeFileSync(library, 'not a library');
  const manifest: Manifest = {
    schema: 1,
    key: installationKey('cpu'),
    variant: 'cpu',
    origin: 'wheel',
    tensorflow: '2.21.0',
    installedAt: new Date(0).toISOString(),
    folder,
    binding: 'lib/tfjs_binding.node',
    javascript: 'lib',
    files: await describeFiles(root),
  };
  writeFileSync(manifestPath('cpu'), JSON.stringify(change(manifest)));
  return library;
}

describe('resolveBackend', () => {
  it('takes the embedded backend where nothing else is installed', async () => {
    expect(await resolveBackend('auto')).toBe('wasm');
  });

  it('prefers an installed native library, without loading it', async () => {
    await installText();
    expect(await resolveBackend('auto')).toBe('tensorflow');
    expect(await resolveBackend('tensorflow')).toBe('tensorflow');
  });

  it('refuses a backend that was asked for and is not there, and says what to do', async () => {
    await expect(resolveBackend('tensorflow')).rejects.toThrow(BackendError);
    await expect(resolveBackend('tensorflow')).rejects.toThrow('formerbench backend install');
    await expect(resolveBackend('tensorflow-gpu')).rejects.toThrow('formerbench backend install --gpu');
  });

  it('does not use a library that was cut short', async () => {
    const library = await installText();
    writeFileSync(library, 'not');
    expect(await resolveBackend('auto')).toBe('wasm');
    await expect(resolveBackend('tensorflow')).rejects.toThrow(/damaged: .*has 3 bytes, expected 13/);
  });

  it('does not use a library whose file is gone', async () => {
    rmSync(await installText());
    await expect(resolveBackend('tensorflow')).rejects.toThrow('is missing');
  });
});

describe('describeBackends', () => {
  it('lists every backend with a reason, and marks the one that auto uses', async () => {
    const backends = await describeBackends();
    expect(backends.map(({ name }) => name)).toEqual(backendNames);
    expect(backends.filter(({ used }) => used).map(({ name }) => name)).toEqual(['wasm']);
    for (const { reason } of backends) expect(reason).not.toBe('');
    expect(backends.find(({ name }) => name === 'tensorflow')).toMatchObject({ available: false });
  });
});

describe('a manifest', () => {
  it.each<[string, (manifest: Manifest) => unknown]>([
    ['of another version', (manifest) => ({ ...manifest, schema: 2 })],
    ['that names a folder elsewhere', (manifest) => ({ ...manifest, folder: '../elsewhere' })],
    ['whose binding climbs out', (manifest) => ({ ...manifest, binding: 'lib/../../other.node' })],
    ['with an absolute path', (manifest) => ({ ...manifest, binding: '/other.node' })],
    ['without files', (manifest) => ({ ...manifest, files: [] })],
    ['that is not an object', () => 'text'],
  ])('%s is not used', async (_what, change) => {
    await installText(change);
    expect(findInstallation('cpu')).toMatchObject({ state: 'broken' });
    expect(await resolveBackend('auto')).toBe('wasm');
  });

  it('that is cut short is not used', async () => {
    await installText();
    writeFileSync(manifestPath('cpu'), '{"schema": 1');
    expect(findInstallation('cpu')).toMatchObject({ state: 'broken' });
  });
});

describe('startBackend', () => {
  it('says what it started', async () => {
    const info = await startBackend('wasm');
    expect(info).toMatchObject({ name: 'wasm', threads: 1, deterministic: true });
    expect(info.patches).toContain('matmul');
    expect(tf.getBackend()).toBe('wasm');
  });

  it('fails rather than fall back when the native library is not there', async () => {
    await expect(startBackend('tensorflow')).rejects.toThrow(BackendError);
    await expect(startBackend('tensorflow')).rejects.toThrow('formerbench backend install');
  });

  it('fails with the reason when the library cannot be loaded', async () => {
    await installText();
    await expect(startBackend('tensorflow')).rejects.toThrow(/tfjs_binding\.node cannot be loaded/);
  });

  it('gives the same bits again for the same seed on the backends that say so', async () => {
    for (const name of ['wasm', 'cpu'] as const) {
      expect((await startBackend(name)).deterministic).toBe(true);
      expect(trainedWeights()).toEqual(trainedWeights());
    }
  });
});

function trainedWeights(): number[] {
  return tf.tidy(() => {
    const x = tf.randomNormal([32, 8], 0, 1, 'float32', 3);
    const weights = tf.variable(tf.randomNormal([8, 4], 0, 1, 'float32', 4));
    const optimizer = tf.train.adam(0.01);
    for (let i = 0; i < 5; i++)
      optimizer.minimize(() => tf.mean<tf.Scalar>(tf.square(tf.matMul(x, weights))), false, [weights]);
    const values = [...weights.dataSync()];
    optimizer.dispose();
    weights.dispose();
    return values;
  });
}
