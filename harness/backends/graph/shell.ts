/**
 * A variable whose value is in a session holds an empty shell in TensorFlow.js: no memory, and an error for whoever reads
 * it, instead of an old value.
 */
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { NativeBackend } from '../native-backend.js';

const shells = new WeakSet();

export const isShell = (variable: Variable): boolean => shells.has(variable.dataId);

export function emptyOut(backend: NativeBackend, variable: Variable): void {
  const { shape, name } = variable;
  // No tensor of the library has this number: there is nothing to delete.
  const shell: Tensor = backend.createOutputTensor({
    id: -1,
    shape,
    dtype: backend.getDTypeInteger(variable.dtype),
  });
  Object.defineProperty(backend.tensorMap.get(shell.dataId), 'values', {
    get: () => {
      throw new Error(
        `the value of variable ${name} is in a graph; call settle() of its state before reading it`,
      );
    },
  });
  shells.add(shell.dataId);
  variable.assign(shell);
  shell.dispose();
}
