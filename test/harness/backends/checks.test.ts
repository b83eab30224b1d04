import * as tf from '@tensorflow/tfjs-core';
import type { KernelConfig } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { runChecks } from '../../../harness/backends/checks.js';
import { checkInChild } from '../../../harness/backends/diagnose.js';
import type { BackendName } from '../../../harness/backends/index.js';
import { useBackend } from '../../support/backend.js';

describe('runChecks', () => {
  useBackend('wasm');

  it('finds nothing wrong on the embedded backend', () => {
    const checks = runChecks('wasm');
    expect(checks.filter(({ passed }) => !passed)).toEqual([]);
    expect(checks.find(({ name }) => name === 'matMul speed')?.detail).toMatch(/GFLOP\/s/);
  });

  it('finds a kernel that is missing', () => {
    const kernel = tf.getKernel('Erf', 'wasm');
    tf.unregisterKernel('Erf', 'wasm');
    try {
      const failed = runChecks('wasm').filter(({ passed }) => !passed);
      expect(failed.map(({ name }) => name)).toEqual(['kernels', 'gradient of gelu']);
      expect(failed[0]?.detail).toBe('missing: Erf');
    } finally {
      tf.registerKernel(kernel);
    }
  });

  it('finds a kernel that computes wrongly', () => {
    const kernel = tf.getKernel('Softmax', 'wasm');
    const wrong: KernelConfig = {
      ...kernel,
      kernelFunc: ({ inputs }) => tf.mul(inputs['logits'] as tf.Tensor, 2),
    };
    tf.unregisterKernel('Softmax', 'wasm');
    tf.registerKernel(wrong);
    try {
      const failed = runChecks('wasm').filter(({ passed }) => !passed);
      expect(failed.map(({ name }) => name)).toEqual(['gradient of softmax']);
    } finally {
      tf.unregisterKernel('Softmax', 'wasm');
      tf.registerKernel(kernel);
    }
  });

  it('leaves no tensors behind', () => {
    const before = tf.memory().numTensors;
    runChecks('wasm');
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('checkInChild', () => {
  it('checks a backend in a process of its own', async () => {
    const checks = await checkInChild('wasm');
    expect(checks.length).toBeGreaterThan(10);
    expect(checks.every(({ passed }) => passed)).toBe(true);
  });

  it('makes a process that fails a failed check', async () => {
    const checks = await checkInChild('no such backend' as BackendName);
    expect(checks).toHaveLength(1);
    expect(checks[0]).toMatchObject({ name: 'start', passed: false });
  });
});
