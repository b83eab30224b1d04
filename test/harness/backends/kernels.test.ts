import { describe } from 'vitest';
import { promiseKernels } from './kernel-promises.js';

describe('kernels and repairs', () => {
  promiseKernels('wasm');
  promiseKernels('cpu');
});
