/**
 * From the cells that tables ask for to the jobs of a run: each cell once, what tells most first.
 */
import type { Cell } from './cell.js';
import { cellId } from './identity.js';
import { hashSources, sourceRoots } from './sources.js';
import type { Failure, RunRecord } from './record.js';
import type { Limits } from './scheduler/child.js';
import { tightest } from './scheduler/limits.js';

/** A cell with what identifies it. */
export interface Job {
  readonly id: string;
  readonly cell: Cell;
  readonly sourcesSha256: string;
}

/**
 * @param cells - in the order of the tables; a cell that two tables need may come twice
 * @param pluginFiles - file of each architecture that is not built in, by name
 * @returns seeds outermost, so that a run that is stopped early has every row once before any row twice; within a seed
 *   speed cells last, since they run alone
 */
export function planJobs(cells: readonly Cell[], pluginFiles: ReadonlyMap<string, string>): Job[] {
  const hashes = new Map<string, string>();
  const hashOf = (cell: Cell): string => {
    // All that its sources depend on; to look for their files again for each of 100,000 cells would take seconds.
    const key = [cell.kind, cell.architecture, cell.kind === 'speed' ? '' : cell.dataset.name].join('\n');
    const hash = hashes.get(key) ?? hashSources(sourceRoots(cell, pluginFiles));
    hashes.set(key, hash);
    return hash;
  };
  const jobs = new Map<string, Job>();
  for (const cell of cells) {
    const sourcesSha256 = hashOf(cell);
    const id = cellId(cell, sourcesSha256);
    if (!jobs.has(id)) jobs.set(id, { id, cell, sourcesSha256 });
  }
  return [...jobs.values()].sort((a, b) => a.cell.seed - b.cell.seed || alone(a.cell) - alone(b.cell));
}

const alone = (cell: Cell): number => (cell.kind === 'speed' ? 1 : 0);

/** Whether a training came to its end: also failures of the model are results. */
export const isAnswer = (failure: Failure | null): boolean =>
  failure === null || failure.kind === 'diverged' || failure.kind === 'did not learn';

/** Free memory differs from run to run; a limit that is higher by less than this share tells nothing new. */
const sameLimit = 1.1;

/**
 * Whether a record answers its cell under these limits. Failures of the model are results. That it takes more memory or
 * time than it may is one as well, until it may have more. Failures of the machine are tried again.
 */
export function isFinal({ failure }: RunRecord, limits: Limits): boolean {
  if (failure === null || isAnswer(failure)) return true;
  const { kind, memory, limitSeconds } = failure;
  if (kind === 'out of memory')
    return memory !== undefined && tightest(limits) <= sameLimit * memory.limitBytes;
  return kind === 'timeout' && limitSeconds !== undefined && limits.seconds <= limitSeconds;
}

/** Whether a record failed in a way that the user should look into: not one that was foreseen, and is an answer. */
export function isTrouble({ failure }: RunRecord): boolean {
  if (failure === null || failure.kind === 'did not learn') return false;
  const { predictedBytes = null, limitBytes = 0 } = failure.memory ?? {};
  return predictedBytes === null || predictedBytes <= limitBytes;
}
