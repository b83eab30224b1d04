/** What a speed cell counts is the same natively as on wasm, as one graph and op by op, and in every run. */
import { expect, test } from 'vitest';
import { architectures } from '../../architectures/index.js';
import { startBackend } from '../../harness/backends/index.js';
import type { BackendName } from '../../harness/backends/names.js';
import type { SpeedCell } from '../../harness/cell.js';
import { runSpeed } from '../../harness/speed.js';
import { speedCell } from '../harness/cells.js';

const countsOf = async (backend: BackendName, execution: SpeedCell['execution'], name: string) => {
  const architecture = architectures.find((each) => each.name === name);
  if (architecture === undefined) throw new Error(`no architecture ${name}`);
  const info = await startBackend(backend);
  const encoder = { ...speedCell.encoder, dropout: 0 };
  const cell: SpeedCell = { ...speedCell, architecture: name, encoder, execution, backend };
  const outcome = await runSpeed(cell, architecture, info, () => undefined);
  return { outcome, costs: outcome.costs, bytes: outcome.memory.peakTensorBytes };
};

const names = ['fastformer', 'transformer', 'linformer', 'linear', 'longformer', 'bigbird', 'poolingformer'];

test.each(names)('%s', async (name) => {
  const native = await countsOf('tensorflow', 'eager', name);
  const graph = await countsOf('tensorflow', 'graph', name);
  const again = await countsOf('tensorflow', 'graph', name);
  const wasm = await countsOf('wasm', 'eager', name);
  expect([native.outcome.execution, graph.outcome.execution]).toEqual(['eager', 'graph']);
  expect(native.costs?.stepMultiplyAdds).toBeGreaterThan(0);
  expect(native.costs).toEqual(wasm.costs);
  expect(graph.costs).toEqual(wasm.costs);
  expect(native.bytes).toBe(wasm.bytes);
  expect([again.costs, again.bytes]).toEqual([graph.costs, graph.bytes]);
  expect(graph.bytes).toBeGreaterThan(0);
});
