import { describe, expect, it } from 'vitest';
import { cudaRequirements, planInstall } from '../../../harness/backends/install-plan.js';
import { BackendError } from '../../../harness/backends/names.js';

describe('planInstall', () => {
  it('takes the small wheel for processors of Linux x64', () => {
    const plan = planInstall('cpu', 'linux', 'x64');
    expect(plan.wheel.requirement).toBe('tensorflow-cpu==2.21.0');
    expect(plan.wheel.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(plan.python.platform).toBe('manylinux_2_27_x86_64');
    expect(plan.libraries).toEqual([]);
    expect(plan.warnings).toEqual([]);
    expect(plan.keep).toEqual([
      'tensorflow/libtensorflow_cc.so.2',
      'tensorflow/libtensorflow_framework.so.2',
    ]);
  });

  it('takes the general wheel for arm64, which has no small one, and says that it is untried', () => {
    const plan = planInstall('cpu', 'linux', 'arm64');
    expect(plan.wheel.requirement).toBe('tensorflow==2.21.0');
    expect(plan.python.platform).toBe('manylinux_2_27_aarch64');
    expect(plan.warnings.join()).toContain('arm64');
  });

  it('adds the CUDA libraries for GPUs, keeps them in the unpacked tree, and says that it has not run on one', () => {
    const plan = planInstall('gpu', 'linux', 'x64');
    expect(plan.wheel.requirement).toBe('tensorflow==2.21.0');
    expect(plan.libraries).toEqual(cudaRequirements);
    for (const needed of ['cublas', 'cudnn', 'cuda-runtime', 'nccl'])
      expect(plan.libraries.join()).toContain(needed);
    expect(plan.keep).toContain('nvidia/');
    expect(plan.warnings.join()).toContain('has not been run on a GPU');
    expect(plan.steps.join()).toContain('CUDA');
  });

  it('keeps installations for processors and for GPUs apart', () => {
    expect(planInstall('cpu', 'linux', 'x64').key).not.toBe(planInstall('gpu', 'linux', 'x64').key);
  });

  it.each([
    ['cpu', 'darwin', 'arm64'],
    ['cpu', 'win32', 'x64'],
    ['gpu', 'linux', 'arm64'],
    ['cpu', 'linux', 'ia32'],
  ] as const)(
    'refuses %s on %s %s and names the backend that works there',
    (variant, platform, architecture) => {
      expect(() => planInstall(variant, platform, architecture)).toThrow(BackendError);
      expect(() => planInstall(variant, platform, architecture)).toThrow('--backend wasm');
    },
  );
});
