/** A Slurm of a test's own: one node, ports and folder of its own. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './redis-server.js';

const run = promisify(execFile);
const script = (name: string): string => join(import.meta.dirname, 'slurm', name);

export interface SlurmCluster {
  /** For whoever is to meet it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly command: (name: string, ...args: readonly string[]) => Promise<string>;
  readonly stop: () => Promise<void>;
}

/** @param changes - lines of slurm.conf in place of those of the recipe, such as `MaxArraySize=3` */
export async function startSlurm(folder: string, changes: readonly string[] = []): Promise<SlurmCluster> {
  let port = await freePort();
  if (port === 65_535) port -= 1; // The node's daemon takes the next.
  await run('bash', [script('start.sh'), folder, String(port)], {
    env: { ...process.env, SLURM_CPUS: '2', SLURM_CHANGES: changes.join('\n') },
  });
  const environment = { SLURM_CONF: join(folder, 'slurm.conf') };
  return {
    environment,
    command: async (name, ...args) =>
      (await run(name, args, { env: { ...process.env, ...environment } })).stdout,
    stop: async () => {
      await run('bash', [script('stop.sh'), folder]);
    },
  };
}
