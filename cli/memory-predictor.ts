/** What the memory model says of cells, with the architectures of plugins. */
import type { Cell } from '../harness/cell.js';
import { predictMemory } from '../harness/memory-model.js';
import { allArchitectures, loadPlugins } from '../harness/plugins.js';

/** @returns the expected peak of a cell's resident set in bytes; null where the model does not apply */
export async function memoryPredictor(
  pluginFiles: readonly string[],
): Promise<(cell: Cell) => number | null> {
  const architectures = allArchitectures(await loadPlugins(pluginFiles));
  return (cell) => {
    const architecture = architectures.find(({ name }) => name === cell.architecture);
    if (cell.kind !== 'speed' || architecture === undefined) return null;
    return predictMemory(cell, architecture)?.residentBytes ?? null;
  };
}
