/** `--fresh` where cells run elsewhere: nothing that earlier runs left of them is gone on with. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { measureOverSlurm } from '../../../harness/distributed/slurm.js';
import { openStore } from '../../../harness/store.js';
import { jobOf, recordOf, trainedCell } from '../cells.js';
import { temporaryFolder, tree } from '../folders.js';

const job = jobOf(trainedCell);
const other = '00000000000000aa';

/** A run that is stopped before anything is submitted, over what an earlier one left. @returns its folder */
async function stoppedRun(fresh: boolean): Promise<string> {
  const out = temporaryFolder();
  const answer = JSON.stringify({ host: 'a', record: recordOf(job.id, job.cell) });
  tree(
    {
      [`slurm/answers/${job.id}.json`]: answer,
      [`slurm/checkpoints/${job.id}-1.safetensors`]: 'half-way',
      [`slurm/checkpoints/${other}-1.safetensors`]: 'half-way',
    },
    out,
  );
  const store = await openStore(out);
  const terms = { fresh, preset: null, commandLine: [], limits: { seconds: null, memoryBytes: null } };
  const measure = measureOverSlurm({
    ...{ out, version: 'v', backend: 'wasm', arguments: [], terms, waitSeconds: 1, note: () => undefined },
  });
  const { ran } = await measure([job], store, {
    ...{ preset: null, workers: 1, dataFolders: [], plugins: [], deadline: null },
    signal: AbortSignal.abort(),
    limits: () => ({ seconds: 10, memoryBytes: 1e9, threads: 1 }),
    report: () => undefined,
  });
  expect(ran).toHaveLength(fresh ? 0 : 1);
  await store.close();
  return out;
}

test.each([true, false])(
  'Slurm, --fresh %s: answers and checkpoints of the cells asked for',
  async (fresh) => {
    const out = await stoppedRun(fresh);
    const checkpoint = (id: string) => existsSync(join(out, `slurm/checkpoints/${id}-1.safetensors`));
    expect(checkpoint(job.id)).toBe(!fresh);
    expect(checkpoint(other)).toBe(true);
  },
);
