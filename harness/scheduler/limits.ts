/**
 * What each cell may use. Training cells share the machine; a speed cell has it alone.
 */
import { availableParallelism, totalmem } from 'node:os';
import type { Cell } from '../cell.js';
import { denseMultiplyAdds } from '../estimate.js';
import type { Limits } from './child.js';

/** What the machine has, or what this process may use of it. */
export interface Machine {
  readonly cores: number;
  readonly memoryBytes: number;
  /** Of that, what nothing else uses now. */
  readonly freeBytes: number;
}

export function thisMachine(): Machine {
  // Within a container; unlimited reads as 0 or as more than there is.
  const constrained = process.constrainedMemory();
  const memoryBytes = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
  const freeBytes = Math.min(memoryBytes, process.availableMemory());
  return { cores: availableParallelism(), memoryBytes, freeBytes };
}

/** Left to the system and to the parent. */
const usableShare = 0.9;
/** What one training process should have at least. */
const bytesPerWorker = 3 * 2 ** 30;

/** As many training processes as there are cores, or fewer where memory is short. */
export function defaultWorkers(machine: Pick<Machine, 'cores' | 'memoryBytes'>): number {
  return Math.max(
    1,
    Math.min(machine.cores, Math.floor((machine.memoryBytes * usableShare) / bytesPerWorker)),
  );
}

/** @param chosen - what the user said; null where the default holds */
export function limitsFor(
  cell: Cell,
  machine: Machine,
  workers: number,
  chosen: { readonly seconds: number | null; readonly memoryBytes: number | null },
): Limits {
  const sharedBy = cell.kind === 'speed' ? 1 : workers;
  const searched = cell.kind === 'speed' ? cell.largestUnder : undefined;
  return {
    seconds: chosen.seconds ?? defaultSeconds[cell.kind],
    memoryBytes: searched ?? chosen.memoryBytes ?? Math.floor((machine.freeBytes * usableShare) / sharedBy),
    threads: isTiny(cell) ? 1 : Math.max(1, Math.floor(machine.cores / sharedBy)),
    ...(cell.backend === 'wasm' ? { heapBytes: wasmHeapBytes } : {}),
  };
}

/**
 * Whether each operation of a step is over sooner than its parts are handed to a second thread and waited for. Natively
 * and with two cores, training steps of Fastformer take 1.3 to 1.9 times as long with two threads below 30 million
 * multiply-adds a layer, and less long above 200 million. What an architecture adds does not count: all of one size get
 * the same.
 */
function isTiny(cell: Cell): boolean {
  if (cell.kind !== 'speed' && cell.kind !== 'encoder') return false;
  const tokens = cell.encoder.length * (cell.kind === 'speed' ? cell.batch : cell.training.batchSize);
  return tokens * denseMultiplyAdds(cell.encoder) < 2 ** 26;
}

/** The heap of wasm has addresses of 32 bits, whatever the machine has. */
const wasmHeapBytes = 2 ** 32;

/** What ends a cell first: the limit of its process, or its backend's own heap. */
export const tightest = ({ memoryBytes, heapBytes = Infinity }: Limits): number =>
  Math.min(memoryBytes, heapBytes);

/** Far above what any preset needs: a limit ends what hangs, not what is slow. */
const defaultSeconds = {
  encoder: 24 * 3600,
  baseline: 3600,
  speed: 3600,
  recommender: 24 * 3600,
  'ranking-floor': 3600,
  summarizer: 24 * 3600,
  'summary-floor': 3600,
} as const satisfies Record<Cell['kind'], number>;
