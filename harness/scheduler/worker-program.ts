/**
 * The program that children run: `worker.ts` and all that it needs, as one JavaScript file.
 *
 * Read one by one through the TypeScript loader, the sources and packages take a child about two seconds of start, more
 * than a small cell takes to run. So a run first writes them into one file, from the sources as they are at that moment,
 * and removes it at its end: nothing is kept that could go stale. TensorFlow.js is in it, less the parts that nothing
 * here uses, and the JavaScript of an installed native library, which finds that copy (`backends/native.ts`).
 */
import { build, type Plugin, stop } from 'esbuild';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundledSymbol, findNativeLibrary, findOfficialBuild, nativeFiles } from '../backends/native.js';
import { isHeld, takeLock } from '../lock.js';
import { packageRoot } from '../sources.js';

export interface WorkerProgram {
  /** File and arguments for node. */
  readonly script: readonly string[];
  /** Of this run alone: what children leave for each other. */
  readonly folder: string;
  /** When no child will start any more. */
  readonly remove: () => Promise<void>;
}

/**
 * @param plugins - files of the user: with them the children run from the sources, whose packages plugins share
 * @param official - whether children may use an official build of the native library
 * @throws what the bundler or the file system throws
 */
export async function prepareWorker(
  plugins: readonly string[],
  official = hasOfficialBuild(),
): Promise<WorkerProgram> {
  await removeStale();
  const folder = await mkdtemp(join(tmpdir(), folderPrefix));
  await takeLock(join(folder, lockName)); // Goes with the folder.
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const script =
      plugins.length === 0
        ? [await bundleWorker(folder, official)]
        : [join(packageRoot, 'bin/formerbench.js'), 'worker-cell'];
    return { script, folder, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

const folderPrefix = 'formerbench-worker-';
const lockName = 'owner.lock';

/** Folders of processes of this host that were killed: prepared data can be large. */
async function removeStale(): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(folderPrefix));
  for (const folder of names.map((name) => join(tmpdir(), name))) {
    const files = await readdir(folder).catch((): string[] => []); // Of another user, or just removed.
    if (!files.includes(lockName) || (await isHeld(join(folder, lockName)))) continue;
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** @returns the file */
async function bundleWorker(folder: string, official: boolean): Promise<string> {
  const file = join(folder, 'worker.cjs');
  try {
    await build({
      stdin: { contents: official ? entry : `${installedLibraries()}\n${entry}`, resolveDir: packageRoot },
      outfile: file,
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      // The JavaScript of an official build finds TensorFlow.js among the packages: all must meet in that copy.
      external: official ? ['@tensorflow/*'] : [],
      // What stays outside is found from this package, wherever the file lies.
      banner: { js: `require = require('node:module').createRequire(${JSON.stringify(packageRoot)});` },
      logLevel: 'silent',
      plugins: [ownPlaces, onlyTheCore],
    });
  } finally {
    await stop(); // The bundler's own process has nothing more to do, and what is measured comes next.
  }
  return file;
}

const entry = `import { serveCell } from './harness/worker.ts'; void serveCell();`;

/** The JavaScript of native libraries in the cache, loaded when a backend starts. */
function installedLibraries(): string {
  const loaders = (['cpu', 'gpu'] as const).flatMap((variant) => {
    const library = findNativeLibrary(variant);
    if (!library.found) return [];
    const [backend, kernels] = nativeFiles(library.javascript).map(
      (file) => `require(${JSON.stringify(file)})`,
    );
    return `${JSON.stringify(library.javascript)}: () => { const backend = ${backend}; ${kernels}; return backend; },`;
  });
  return `globalThis[Symbol.for('${bundledSymbol}')] = { ${loaders.join(' ')} };`;
}

const hasOfficialBuild = (): boolean =>
  (['cpu', 'gpu'] as const).some((variant) => findOfficialBuild(variant) !== null);

/**
 * `import.meta.url` stays the address of each source file: from there packages and data are found. TensorFlow.js is
 * required, so that the bundler follows, and as it is: what it makes of `import *` copies 800 names into each file.
 */
const ownPlaces: Plugin = {
  name: 'own-places',
  setup: (bundler) => {
    bundler.onLoad({ filter: /\.ts$/, namespace: 'file' }, async ({ path }) => {
      const text = (await readFile(path, 'utf8'))
        .replaceAll("createRequire(import.meta.url)('@tensorflow/", "require('@tensorflow/")
        .replace(
          "import * as tf from '@tensorflow/tfjs-core'",
          "import tf = require('@tensorflow/tfjs-core')",
        );
      const address = JSON.stringify(pathToFileURL(path).href);
      return { contents: text.replaceAll('import.meta.url', address), loader: 'ts' };
    });
  },
};

/** `@tensorflow/tfjs` requires all its parts; what is used of it are the gradients and the cpu backend. */
const onlyTheCore: Plugin = {
  name: 'only-the-core',
  setup: (bundler) => {
    const unused = /^@tensorflow\/tfjs-(layers|converter|data|backend-webgl)$/;
    bundler.onResolve({ filter: unused }, ({ path }) => ({ path, namespace: 'unused' }));
    bundler.onLoad({ filter: unused, namespace: 'unused' }, () => ({ contents: 'module.exports = {};' }));
  },
};
