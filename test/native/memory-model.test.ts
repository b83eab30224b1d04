/** Predictions beside exact counts of the same steps as graphs and op by op. */
import { expect, test } from 'vitest';
import { architectures } from '../../architectures/index.js';
import type { BackendInfo } from '../../harness/backends/index.js';
import type { SpeedCell } from '../../harness/cell.js';
import { predictMemory } from '../../harness/memory-model.js';
import { runSpeed } from '../../harness/speed.js';
import { speedCell } from '../harness/cells.js';
import { useBackend } from '../support/backend.js';

const info = useBackend('tensorflow');
const sizes = { length: 256, hidden: 256, heads: 16, feedForward: 256, dropout: 0, layers: 2 };

test.each([
  ['fastformer', {}],
  ['transformer', {}],
  ['transformer', { attention: 'textbook' }],
  ['linformer', {}],
  ['longformer', {}],
  ['poolingformer', {}],
] as const)('the peak of %s %o is predicted within a factor of 1.6', async (name, options) => {
  const architecture = architectures.find((each) => each.name === name);
  if (architecture === undefined) throw new Error(`no architecture ${name}`);
  for (const execution of ['graph', 'eager'] as const) {
    const encoder = { ...speedCell.encoder, ...sizes };
    const cell: SpeedCell = {
      ...{ ...speedCell, architecture: name, options, encoder, execution },
      // A try for memory counts no products.
      ...{ mode: 'training', batch: 4, warmup: 1, samples: 1, backend: 'tensorflow', largestUnder: 1e9 },
    };
    const outcome = await runSpeed(cell, architecture, info as BackendInfo, () => undefined);
    const counted = outcome.memory.peakTensorBytes ?? NaN;
    const ratio = (predictMemory(cell, architecture)?.tensorBytes ?? NaN) / counted;
    expect(outcome.execution).toBe(execution);
    expect(ratio, execution).toBeGreaterThan(1 / 1.6);
    expect(ratio, execution).toBeLessThan(1.6);
  }
});
