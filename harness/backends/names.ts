/** What backends are called: by the suite's users and records, and inside TensorFlow.js. */
import type { EngineName } from './kernels.js';

/** In the order in which `auto` prefers them. */
export const backendNames = ['tensorflow-gpu', 'tensorflow', 'wasm', 'cpu'] as const;
export type BackendName = (typeof backendNames)[number];

/** CPU and GPU are one backend to TensorFlow.js: which it is depends on the library that was loaded. */
export const engineNames: Readonly<Record<BackendName, EngineName>> = {
  'tensorflow-gpu': 'tensorflow',
  tensorflow: 'tensorflow',
  wasm: 'wasm',
  cpu: 'cpu',
};

/** A backend is missing, broken, or not the one that was asked for. The message says what to do. */
export class BackendError extends Error {
  override readonly name = 'BackendError';
}
