/**
 * The kernel `GatherV2` for the native backend. TensorFlow.js's own reads all indices back to check them, which a step
 * that is to be one graph may not do; TensorFlow checks them itself where it runs on the processor.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { KernelFunc } from '@tensorflow/tfjs-core';
import { tensorInput } from './kernel-input.js';
import type { NativeBackend } from './native-backend.js';

export const gatherUnread: KernelFunc = ({ inputs, attrs, backend }) => {
  const native = backend as NativeBackend;
  const { binding } = native;
  const { axis, batchDims } = attrs as unknown as tf.GatherV2Attrs;
  const [x, indices] = [tensorInput(inputs['x']), tensorInput(inputs['indices'])];
  tf.backend_util.segment_util.collectGatherOpShapeInfo(x, indices, axis, batchDims);
  const type = (name: string, value: number) => ({ name, type: binding.TF_ATTR_TYPE, value });
  return tf.tidy(() =>
    native.executeSingleOutput(
      'GatherV2',
      [
        { name: 'batch_dims', type: binding.TF_ATTR_INT, value: batchDims },
        type('Tparams', native.getDTypeInteger(x.dtype)),
        type('Tindices', native.getDTypeInteger(indices.dtype)),
        type('Taxis', binding.TF_INT32),
      ],
      [x, indices, tf.scalar(axis, 'int32')],
    ),
  );
};
