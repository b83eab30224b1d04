/** Shows each defect of the native backend alone, before its repair: one that is no longer needed makes a test fail. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { startNative } from '../../harness/backends/native.js';
import { applyPatches, patches } from '../../harness/backends/patches.js';

describe('the native backend without repairs', () => {
  beforeAll(async () => {
    await startNative('cpu');
  });

  it('is repaired by what is shown here, and by nothing else', () => {
    const alone = patches.filter(({ backends }) => backends.every((backend) => backend === 'tensorflow'));
    expect(alone.map(({ name }) => name)).toEqual(['gather']);
  });

  it('reads the indices of gather back, and no longer does when it is repaired', () => {
    const read = vi.spyOn(tf.backend(), 'readSync');
    const gather = () => tf.gather(tf.tensor1d([5, 6, 7]), tf.tensor1d([2, 0], 'int32'));
    gather();
    expect(read).toHaveBeenCalled();
    read.mockClear();
    applyPatches('tensorflow');
    const gathered = gather();
    expect(read).not.toHaveBeenCalled();
    expect(gathered.arraySync()).toEqual([7, 5]);
  });
});
