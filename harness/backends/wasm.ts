/** Starts the embedded backend: WebAssembly, one thread, from files inside the npm package. */
import * as tf from '@tensorflow/tfjs-core';
import { createRequire } from 'node:module';
import { join, sep } from 'node:path';
import { BackendError } from './names.js';
import { packageFolder } from './places.js';

type WasmPackage = typeof import('@tensorflow/tfjs-backend-wasm');

/** @throws BackendError when the package is missing or the module cannot be compiled */
export async function startWasm(): Promise<void> {
  const folder = packageFolder('@tensorflow/tfjs-backend-wasm');
  if (folder === null) throw new BackendError('@tensorflow/tfjs-backend-wasm is not installed; run: npm ci');
  const { setWasmPaths } = createRequire(import.meta.url)('@tensorflow/tfjs-backend-wasm') as WasmPackage;
  if (tf.engine().registryFactory['wasm'] !== undefined && !('wasm' in tf.engine().registry)) {
    setWasmPaths(join(folder, 'dist') + sep);
  }
  if (!(await tf.setBackend('wasm'))) {
    throw new BackendError(`the wasm backend does not start; reinstall ${folder} by: npm ci`);
  }
}
