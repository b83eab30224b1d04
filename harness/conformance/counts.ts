/** What an architecture declares to cost, against what is counted. */
import * as tf from '@tensorflow/tfjs-core';
import type { KernelConfig, Tensor } from '@tensorflow/tfjs-core';
import type { Architecture, Sizes } from '../../architectures/contract.js';
import type { Check } from './check.js';
import { createSubject, randomTokens } from './subject.js';

const sizes: Sizes = { length: 32, hidden: 48, heads: 4 };

export function checkCounts(architecture: Architecture): Check[] {
  const subject = createSubject(architecture, sizes);
  const declared = architecture.cost(sizes, subject.options);
  const parameters = [...subject.parameters.values()].reduce((sum, { size }) => sum + size, 0);
  const multiplyAdds = countMultiplyAdds(() => {
    tf.tidy(() => {
      subject.mix(randomTokens(1, sizes));
    });
  });
  subject.dispose();
  return [
    same('declared parameters are the counted', declared.parameters, parameters),
    same('declared multiply-adds are the counted', declared.multiplyAdds, multiplyAdds),
  ];
}

const same = (name: string, declared: number, counted: number): Check => ({
  name,
  passed: declared === counted,
  measured: declared,
  allowed: counted,
  detail: `declared ${declared}, counted ${counted}`,
});

/** Of all matrix products that `run` makes: batch x rows x inner x columns. */
export function countMultiplyAdds(run: () => void): number {
  const kernel = tf.getKernel('BatchMatMul', tf.getBackend()) as KernelConfig | undefined;
  if (kernel === undefined) throw new Error(`backend ${tf.getBackend()} has no matrix product`);
  const original = kernel.kernelFunc;
  let total = 0;
  kernel.kernelFunc = (call) => {
    const output = original(call);
    const result = (Array.isArray(output) ? output[0] : output) as Tensor | undefined;
    const left = (call.inputs as Record<string, Tensor>)['a'];
    const transposed = (call.attrs as { transposeA?: boolean } | undefined)?.transposeA === true;
    const inner = left?.shape[left.shape.length - (transposed ? 2 : 1)] ?? NaN;
    total += tf.util.sizeFromShape(result?.shape ?? []) * inner;
    return output;
  };
  try {
    run();
  } finally {
    kernel.kernelFunc = original;
  }
  return total;
}
