/**
 * Backends: which there are, which one `auto` means here, and how one is started. Only this folder knows how
 * TensorFlow.js's backends are loaded and repaired.
 */
import * as tf from '@tensorflow/tfjs-core';
import { createRequire } from 'node:module';
import { findGpu } from './gpu.js';
import { registerKernels } from './kernels.js';
import { BackendError, type BackendName, backendNames, engineNames } from './names.js';
import { findNativeLibrary, startNative } from './native.js';
import { applyPatches } from './patches.js';
import type { Variant } from './places.js';
import { startWasm } from './wasm.js';

export { BackendError, type BackendName, backendNames } from './names.js';

type Everything = typeof import('@tensorflow/tfjs');

/** What a record says of the backend that ran. */
export interface BackendInfo {
  readonly name: BackendName;
  readonly version: string;
  readonly threads: number;
  /** Repairs of TensorFlow.js that are on. */
  readonly patches: string[];
  /** Whether one seed gives the same bits again. */
  readonly deterministic: boolean;
}

export interface BackendStatus {
  readonly name: BackendName;
  readonly available: boolean;
  /** What `auto` chooses. */
  readonly used: boolean;
  readonly reason: string;
}

/**
 * Decides without loading a library.
 *
 * @throws BackendError when the backend that was asked for by name is not available
 */
export async function resolveBackend(choice: 'auto' | BackendName): Promise<BackendName> {
  if (choice === 'auto') {
    for (const name of backendNames) if ((await look(name)).available) return name;
    return 'cpu';
  }
  const { available, reason } = await look(choice);
  if (!available)
    throw new BackendError(`the backend ${choice} is not available: ${reason}; or use --backend wasm`);
  return choice;
}

/** Every backend, best first, with the reason why it can or cannot be used. */
export async function describeBackends(): Promise<BackendStatus[]> {
  const statuses: BackendStatus[] = [];
  for (const name of backendNames) {
    const { available, reason } = await look(name);
    const used = available && !statuses.some((status) => status.used);
    statuses.push({ name, available, used, reason });
  }
  return statuses;
}

interface Look {
  readonly available: boolean;
  readonly reason: string;
}

async function look(name: BackendName): Promise<Look> {
  switch (name) {
    case 'tensorflow-gpu': {
      const library = findNativeLibrary('gpu');
      if (!library.found) return { available: false, reason: library.reason };
      const gpu = await findGpu();
      return gpu === null
        ? { available: false, reason: `${library.source}, but nvidia-smi finds no GPU` }
        : { available: true, reason: `${library.source}, on ${gpu}` };
    }
    case 'tensorflow': {
      const library = findNativeLibrary('cpu');
      return { available: library.found, reason: library.found ? library.source : library.reason };
    }
    case 'wasm':
      return { available: true, reason: 'embedded: comes with the package, one thread' };
    case 'cpu':
      return { available: true, reason: 'plain JavaScript: 50 times slower than wasm, for checks only' };
  }
}

/**
 * Loads a backend, repairs it and makes it TensorFlow.js's current one.
 *
 * @throws BackendError when it cannot be loaded, or when TensorFlow.js fell back to another
 */
export async function startBackend(name: BackendName): Promise<BackendInfo> {
  // Brings all gradients and the cpu backend. To import it as a module takes Node.js four times as long: it then looks
  // through megabytes for the names that are exported.
  const { version_core } = createRequire(import.meta.url)('@tensorflow/tfjs') as Everything;
  tf.enableProdMode();
  const engine = engineNames[name];
  const started = await start(name);
  await tf.ready();
  if (tf.getBackend() !== engine) {
    throw new BackendError(`asked for the backend ${name}, but TensorFlow.js runs on ${tf.getBackend()}`);
  }
  registerKernels(engine);
  return {
    name,
    version: [`TensorFlow.js ${version_core}`, ...started.versions].join(', '),
    threads: started.threads,
    patches: applyPatches(engine),
    // The native library shares sums among threads in no fixed order.
    deterministic: engine !== 'tensorflow',
  };
}

interface Started {
  readonly versions: readonly string[];
  readonly threads: number;
}

async function start(name: BackendName): Promise<Started> {
  const native = async (variant: Variant) => {
    const { version, threads } = await startNative(variant);
    return { versions: [version], threads };
  };
  switch (name) {
    case 'tensorflow-gpu':
      return native('gpu');
    case 'tensorflow':
      return native('cpu');
    case 'wasm':
      await startWasm();
      return { versions: [], threads: 1 };
    case 'cpu':
      await tf.setBackend('cpu');
      return { versions: [], threads: 1 };
  }
}
