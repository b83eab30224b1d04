/**
 * Loads TensorFlow's C library under TensorFlow.js, by the parts of `@tensorflow/tfjs-node-gpu` that are needed.
 *
 * The package's own entry point is avoided: it brings a second TensorFlow.js and looks for its binding only inside
 * itself. An installation in the cache holds the package's files and a stub in place of `@tensorflow/tfjs`, which hands
 * back the copy that this process has loaded already, so that there is one engine and one registry of kernels.
 */
import * as tf from '@tensorflow/tfjs-core';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import util from 'node:util';
import { findInstallation } from './manifest.js';
import { BackendError } from './names.js';
import type { NativeBackend, NativeBinding } from './native-backend.js';
import { nodeApiVersion, packageFolder, type Variant } from './places.js';

/** Where the stub finds this process's copy of TensorFlow.js. */
export const sharedCopySymbol = 'formerbench.tfjs';

/**
 * Where the program of children keeps the JavaScript of a library that is in it, by its folder: to find and read two
 * hundred files takes a child as long as to load all of TensorFlow.js.
 */
export const bundledSymbol = 'formerbench.native';

/** A library that can be loaded, or why there is none. */
export type NativeLibrary =
  | { readonly found: true; readonly binding: string; readonly javascript: string; readonly source: string }
  | { readonly found: false; readonly broken: boolean; readonly reason: string };

/**
 * Looks for a library without loading it: first one that tfjs-node's own installer put in `node_modules`, then one in
 * the cache.
 */
export function findNativeLibrary(variant: Variant): NativeLibrary {
  const official = findOfficialBuild(variant);
  if (official !== null) return official;
  const installation = findInstallation(variant);
  switch (installation.state) {
    case 'whole': {
      const { manifest, root } = installation;
      return {
        found: true,
        binding: join(root, manifest.binding),
        javascript: join(root, manifest.javascript),
        source: `TensorFlow ${manifest.tensorflow} in the cache (${manifest.origin})`,
      };
    }
    case 'absent':
      return { found: false, broken: false, reason: `not installed; ${howToInstall(variant)}` };
    case 'broken':
      return {
        found: false,
        broken: true,
        reason: `the installation is damaged: ${installation.problem}; ${howToInstall(variant)}`,
      };
  }
}

const howToInstall = (variant: Variant): string =>
  `run: formerbench backend install${variant === 'gpu' ? ' --gpu' : ''}`;

const officialPackages: Readonly<Record<Variant, string>> = {
  cpu: '@tensorflow/tfjs-node',
  gpu: '@tensorflow/tfjs-node-gpu',
};

/** What tfjs-node's own installer put among the packages, or null. */
export function findOfficialBuild(variant: Variant): NativeLibrary | null {
  const folder = packageFolder(officialPackages[variant]);
  if (folder === null) return null;
  const binding = join(folder, 'lib', `napi-v${nodeApiVersion}`, 'tfjs_binding.node');
  if (!existsSync(binding)) return null;
  return { found: true, binding, javascript: folder, source: `the official build in ${folder}` };
}

/**
 * Makes the library the backend `tensorflow` of TensorFlow.js. `@tensorflow/tfjs` must be loaded.
 *
 * @throws BackendError when the library is missing or cannot be loaded
 */
export async function startNative(variant: Variant): Promise<{ version: string; threads: number }> {
  const library = findNativeLibrary(variant);
  if (!library.found) throw new BackendError(`the native backend cannot start: ${library.reason}`);
  prepareProcess();
  if (tf.engine().findBackendFactory('tensorflow') as unknown) {
    await tf.setBackend('tensorflow');
  } else {
    await register(library.javascript, library.binding, variant);
  }
  const { binding, isUsingGpuDevice } = tf.backend() as unknown as NativeBackend;
  if (variant === 'gpu' && !isUsingGpuDevice) {
    throw new BackendError(
      'TensorFlow for GPUs was loaded, but no GPU answers it. Check the driver with nvidia-smi, or use --backend tensorflow',
    );
  }
  return { version: `TensorFlow ${binding.TF_Version}`, threads: threads() };
}

interface KernelBackendModule {
  readonly NodeJSKernelBackend: new (binding: NativeBinding, packageName: string) => tf.KernelBackend;
}

/** The files of a library's JavaScript that are needed, in the order in which they are loaded. */
export const nativeFiles = (javascript: string): readonly [string, string] => [
  join(javascript, 'dist/nodejs_kernel_backend.js'),
  join(javascript, 'dist/register_all_kernels.js'),
];

/** Loads the JavaScript: registers its kernels, and gives the backend. */
function loadJavascript(javascript: string, require: NodeJS.Require): KernelBackendModule {
  const shared = globalThis as unknown as Record<
    symbol,
    Record<string, () => KernelBackendModule> | undefined
  >;
  const bundled = shared[Symbol.for(bundledSymbol)]?.[javascript];
  if (bundled !== undefined) return bundled();
  const [backend, kernels] = nativeFiles(javascript);
  const loaded = require(backend) as KernelBackendModule;
  require(kernels);
  return loaded;
}

async function register(javascript: string, bindingPath: string, variant: Variant): Promise<void> {
  const require = createRequire(join(javascript, 'package.json'));
  let binding: NativeBinding;
  try {
    binding = require(bindingPath) as NativeBinding;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new BackendError(`${bindingPath} cannot be loaded: ${why}; ${howToInstall(variant)}`);
  }
  const { NodeJSKernelBackend } = loadJavascript(javascript, require);
  const packageName = variant === 'gpu' ? officialPackages.gpu : 'formerbench';
  tf.registerBackend('tensorflow', () => new NodeJSKernelBackend(binding, packageName));
  await tf.setBackend('tensorflow');
}

/** What the library reads when it is loaded, and what its JavaScript expects of an older Node.js. */
function prepareProcess(): void {
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  // On by default only on processors with AVX-512 VNNI; without it products are slower and graphs take a fifth more memory.
  process.env['TF_ENABLE_ONEDNN_OPTS'] ??= '1';
  // Without this it takes all memory of the GPU at once, and no measurement of memory means anything.
  process.env['TF_FORCE_GPU_ALLOW_GROWTH'] = 'true';
  const legacy = util as unknown as Record<string, unknown>;
  legacy['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  legacy['isArray'] ??= Array.isArray;
  const shared = globalThis as unknown as Record<symbol, unknown>;
  shared[Symbol.for(sharedCopySymbol)] = createRequire(import.meta.url)('@tensorflow/tfjs');
}

/** Threads that one operation may use. */
function threads(): number {
  const asked = Number(process.env['TF_NUM_INTRAOP_THREADS'] ?? '0');
  return Number.isInteger(asked) && asked > 0 ? asked : availableParallelism();
}
