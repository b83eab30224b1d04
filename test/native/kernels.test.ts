import { describe } from 'vitest';
import { promiseKernels } from '../harness/backends/kernel-promises.js';

describe('kernels and repairs', () => {
  promiseKernels('tensorflow');
});
