import { describe as group, expect, it } from 'vitest';
import { describe } from '../../../cli/commands/doctor.js';
import type { Diagnosis } from '../../../harness/backends/diagnose.js';

const wasm: Diagnosis = {
  name: 'wasm',
  available: true,
  used: true,
  reason: 'embedded',
  checks: [
    { name: 'kernels', passed: true, detail: 'all there' },
    { name: 'matMul speed', passed: true, detail: '30 GFLOP/s at size 1024' },
  ],
};
const native: Diagnosis = {
  name: 'tensorflow',
  available: false,
  used: false,
  reason: 'not installed; run: formerbench backend install',
  checks: [],
};

group('what doctor prints', () => {
  it('shows where it trains, how fast, why not elsewhere, and how to get faster', () => {
    const text = describe([native, wasm]).join('\n');
    expect(text).toMatch(/^\* +wasm +yes +30 GFLOP\/s +embedded$/m);
    expect(text).toMatch(/^ +tensorflow +not here +not installed/m);
    expect(text).toContain('To train about five times faster: formerbench backend install');
  });

  it('gives no such advice where the native backend is', () => {
    expect(describe([{ ...native, available: true }, wasm]).join('\n')).not.toContain('faster');
  });

  it('names each check that failed, with what was found', () => {
    const broken = { ...wasm, checks: [{ name: 'gradient of gather', passed: false, detail: '2.0e+0 off' }] };
    const text = describe([broken]).join('\n');
    expect(text).toContain('no (1 of 1 checks failed)');
    expect(text).toContain('wasm: gradient of gather failed: 2.0e+0 off');
  });
});
