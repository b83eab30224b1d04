/** Who works for a run: tells who comes, who goes and who is of another version, and when there has been nobody for too long. */
import type { Redis } from 'ioredis';
import { livingWorkers, type WorkerSign } from './queues.js';

export interface WorkerWatch {
  /**
   * Looks again.
   * @param fits - whether a worker can do any of what is open
   * @returns why it is pointless to wait longer; null otherwise
   */
  readonly look: (fits: (sign: WorkerSign) => boolean) => Promise<string | null>;
  /** At the last look, of this version. */
  readonly workers: () => readonly WorkerSign[];
}

export interface WatchOptions {
  readonly version: string;
  readonly waitSeconds: number;
  readonly note: (line: string) => void;
}

export function watchWorkers({ version, waitSeconds, note }: WatchOptions, redis: Redis): WorkerWatch {
  const known = new Map<string, WorkerSign>();
  let alone = performance.now();
  let told = false;
  const tellOf = (signs: readonly WorkerSign[]) => {
    for (const sign of signs) {
      if (known.has(sign.name)) continue;
      known.set(sign.name, sign);
      note(sign.version === version ? joined(sign) : refused(sign, version));
    }
    for (const [name, sign] of known) {
      if (signs.some((each) => each.name === name)) continue;
      known.delete(name);
      if (sign.version === version) note(`worker ${name} is gone; its cells go to others`);
    }
  };
  return {
    look: async (fits) => {
      const signs = await livingWorkers(redis).catch(() => null);
      if (signs !== null) tellOf(signs);
      const fitting = (signs ?? []).filter((sign) => sign.version === version && fits(sign));
      if (fitting.length > 0) alone = performance.now();
      else if (!told) {
        note('no worker can do what is left yet; start `formerbench worker --redis URL` on any host');
        told = true;
      }
      const missed = (performance.now() - alone) / 1000;
      if (missed < waitSeconds) return null;
      return signs === null
        ? `Redis has not answered for ${Math.round(missed)} s`
        : `no worker that can do what is left has been there for ${Math.round(missed)} s; --worker-wait gives them longer`;
    },
    workers: () => [...known.values()].filter((sign) => sign.version === version),
  };
}

const joined = ({ name, backend, workers }: WorkerSign): string =>
  `worker ${name} has joined (${backend}, ${workers} cells at once)`;

const refused = (sign: WorkerSign, version: string): string =>
  `worker ${sign.name} is of another version (its sources are ${sign.version}, this run's ${version}) and gets no cells; install the same version there, and give it the same --plugin files`;
