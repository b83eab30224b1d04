import { describe, expect, it } from 'vitest';
import { createParameters } from '../../architectures/scope.js';
import { useBackend } from '../support/backend.js';

useBackend('cpu');

describe('a scope', () => {
  it('names parameters by their path', () => {
    const { scope, variables, dispose } = createParameters(1);
    scope.child('layers.0').dense('query', 3, 2);
    scope.layerNorm('norm', 4, 1e-12);
    expect([...variables.keys()]).toEqual([
      'layers.0.query.kernel',
      'layers.0.query.bias',
      'norm.gamma',
      'norm.beta',
    ]);
    expect(variables.get('layers.0.query.kernel')?.shape).toEqual([3, 2]);
    dispose();
  });

  it('gives one variable for one name, so that handing it on shares weights', () => {
    const { scope, variables, dispose } = createParameters(1);
    const first = scope.child('a').parameter('w', [2]);
    expect(scope.child('a').parameter('w', [2])).toBe(first);
    expect(variables.size).toBe(1);
    dispose();
  });

  it('refuses one name with two shapes', () => {
    const { scope, dispose } = createParameters(1);
    scope.parameter('w', [2]);
    expect(() => scope.parameter('w', [3])).toThrow('parameter w exists as [2], asked for as [3]');
    dispose();
  });

  it('gives initial values that do not depend on the order of creation', () => {
    const [one, other] = [createParameters(5), createParameters(5)];
    one.scope.parameter('a', [4]);
    const late = one.scope.parameter('b', [4]).dataSync();
    expect(other.scope.parameter('b', [4]).dataSync()).toEqual(late);
    one.dispose();
    other.dispose();
  });

  it('starts kernels at N(0, 0.02), biases at 0, gammas at 1', () => {
    const { scope, variables, dispose } = createParameters(1);
    scope.dense('d', 100, 100);
    scope.layerNorm('n', 3, 1e-12);
    const kernel = variables.get('d.kernel')?.dataSync() ?? [];
    const meanSquare = Array.from(kernel).reduce((sum, x) => sum + x * x, 0) / 10_000;
    expect(Math.sqrt(meanSquare)).toBeCloseTo(0.02, 3);
    expect(variables.get('d.bias')?.dataSync()).toEqual(new Float32Array(100));
    expect(variables.get('n.gamma')?.dataSync()).toEqual(Float32Array.of(1, 1, 1));
    dispose();
  });
});
