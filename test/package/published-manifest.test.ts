import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../harness/sources.js';
import { manifestForPublishing } from '../../scripts/published-manifest.js';

const repository = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
  files: string[];
  dependencies: object;
  optionalDependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
};
const nativePackage = '@tensorflow/tfjs-node-gpu';
const published = manifestForPublishing(repository);

describe('the manifest for publishing', () => {
  it('offers the native package as an optional peer, of the same range, and installs it nowhere', () => {
    expect(published['peerDependencies']).toEqual({
      ...repository.peerDependencies,
      [nativePackage]: repository.optionalDependencies[nativePackage],
    });
    expect(published['peerDependenciesMeta']).toMatchObject({ [nativePackage]: { optional: true } });
    expect(published['optionalDependencies']).not.toHaveProperty([nativePackage]);
    expect(published['dependencies']).toEqual(repository.dependencies);
  });

  it('has no scripts and nothing that only the repository needs', () => {
    expect(published).not.toHaveProperty('scripts');
    expect(published).not.toHaveProperty('devDependencies');
  });

  it('points TypeScript to declarations and Node.js to the sources', () => {
    expect(published['exports']).toMatchObject({
      '.': { types: './types/index.d.ts', default: './index.ts' },
    });
    expect(published['files']).toEqual([...repository.files, 'types']);
  });

  it('is refused when the native package is no longer an optional dependency', () => {
    expect(() => manifestForPublishing({ ...repository, optionalDependencies: {} })).toThrow('tfjs-node-gpu');
  });
});
