/**
 * The one machine that has all speed cells of a run: ratios of times mean something on one machine only.
 *
 * It is kept in Redis, so that a run that is started again goes on there.
 */
import type { Redis } from 'ioredis';
import type { RunRecord } from '../record.js';
import { keepSpeedHost, speedHost, type WorkerSign } from './queues.js';

/**
 * @param workers - those that could
 * @param known - records of earlier runs: of machines that are alike, the one is preferred that has measured before
 * @returns null when there is none yet
 */
export async function chooseSpeedHost(
  redis: Redis,
  { version, backend }: { readonly version: string; readonly backend: string },
  workers: readonly WorkerSign[],
  known: Iterable<RunRecord>,
): Promise<string | null> {
  const able = workers.filter((worker) => worker.backend === backend);
  if (able.length === 0) return null;
  const kept = await speedHost(redis, version, backend);
  if (kept !== null && able.some(({ host }) => host === kept)) return kept;
  const host = bestOf(able, machineOf(known, backend));
  await keepSpeedHost(redis, version, backend, host);
  return host;
}

/** The machine of earlier speed cells; else the one with most cores, the first by name. */
function bestOf(able: readonly WorkerSign[], machine: string | null): string {
  const [best] = able.toSorted(
    (a, b) =>
      Number(machineName(b) === machine) - Number(machineName(a) === machine) ||
      b.cores - a.cores ||
      (a.host < b.host ? -1 : 1),
  );
  return best?.host ?? '';
}

/** What the report tells machines apart by. */
const machineName = ({ cpu, cores }: { readonly cpu: string; readonly cores: number }): string =>
  `${cpu}, ${cores} cores`;

function machineOf(known: Iterable<RunRecord>, backend: string): string | null {
  const [last] = [...known]
    .filter(({ cell }) => cell.kind === 'speed' && cell.backend === backend)
    .toSorted((a, b) => (a.provenance.endedAt < b.provenance.endedAt ? 1 : -1));
  return last === undefined ? null : machineName(last.provenance);
}
