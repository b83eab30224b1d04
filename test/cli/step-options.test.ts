import { describe, expect, it } from 'vitest';
import { UsageError } from '../../cli/errors.js';
import { checkStepOptions } from '../../cli/step-options.js';

describe('how steps are run', () => {
  it('is taken as it was asked for where the backend can', () => {
    const graph = { execution: 'graph', precision: 'bfloat16' } as const;
    expect(checkStepOptions(graph, 'tensorflow')).toEqual(graph);
    const auto = { execution: 'auto', precision: 'float32' } as const;
    expect(checkStepOptions(auto, 'wasm')).toEqual(auto);
  });

  it('is refused before anything runs where the backend cannot', () => {
    const refused = [
      [{ execution: 'graph', precision: 'float32' }, 'wasm'],
      [{ execution: 'auto', precision: 'bfloat16' }, 'cpu'],
      [{ execution: 'eager', precision: 'bfloat16' }, 'tensorflow'],
    ] as const;
    for (const [options, backend] of refused) {
      expect(() => checkStepOptions(options, backend)).toThrow(UsageError);
    }
  });
});
