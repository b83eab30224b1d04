/** A graph loaded into a TensorFlow session, which keeps the values of its variables from run to run. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NativeBinding, NativeTensor } from '../native-backend.js';
import { type GraphNode, savedModel, tag } from './graph-def.js';
import { Untraceable } from './untraceable.js';

export interface GraphSession {
  /**
   * @param feeds - the library's number of the tensor for each placeholder, by the placeholder's name
   * @param fetches - outputs to compute; everything that they need runs, and nothing else
   * @returns one tensor a fetch, which the caller deletes
   */
  run(feeds: ReadonlyMap<string, number>, fetches: readonly string[]): NativeTensor[];
  dispose(): void;
}

/** @throws Untraceable when TensorFlow does not take the graph */
export function loadGraph(binding: NativeBinding, nodes: readonly GraphNode[]): GraphSession {
  const folder = mkdtempSync(join(tmpdir(), 'formerbench-graph-'));
  let session: number;
  try {
    writeFileSync(join(folder, 'saved_model.pb'), savedModel(nodes));
    session = binding.loadSavedModel(folder, tag);
  } catch (error) {
    throw new Untraceable('refused', error instanceof Error ? error.message : String(error));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    run: (feeds, fetches) =>
      binding.runSavedModel(session, [...feeds.values()], [...feeds.keys()].join(), fetches.join()),
    dispose: () => {
      binding.deleteSavedModel(session);
    },
  };
}
