/** The parent's side of a profile: a process of its own, whose stderr is the log that tells of a graph's nodes. */
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Failure } from '../record.js';
import type { CellRequest } from '../run-cell.js';
import { type Limits, startScript } from '../scheduler/child.js';
import { outcomeOf } from '../scheduler/failure.js';
import { packageRoot } from '../sources.js';
import { type Profile, profileSchema } from './profile.js';

export interface ProfileEnd {
  readonly profile: Profile | null;
  readonly failure: Failure | null;
}

/**
 * @param signal - aborted: the process is killed
 * @returns the profile, or what the harness makes of the process's end
 */
export async function runProfile(
  request: CellRequest,
  limits: Limits,
  signal: AbortSignal,
): Promise<ProfileEnd> {
  const folder = mkdtempSync(join(tmpdir(), 'formerbench-profile-'));
  const log = join(folder, 'stderr');
  const errors = openSync(log, 'w');
  try {
    const script = [join(packageRoot, 'bin/formerbench.js'), 'worker-profile', log];
    const child = startScript(script, request, limits, () => undefined, errors);
    signal.addEventListener('abort', child.kill);
    const end = await child.end;
    signal.removeEventListener('abort', child.kill);
    if (end.outcome !== null) return { profile: profileSchema.parse(end.outcome), failure: null };
    return { profile: null, failure: outcomeOf(end, limits).failure };
  } finally {
    closeSync(errors);
    rmSync(folder, { recursive: true, force: true });
  }
}
