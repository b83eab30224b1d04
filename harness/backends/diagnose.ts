/** Checks backends from outside, each in a child process: one that crashes is a finding, not the end. */
import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Check } from './checks.js';
import { type BackendName, type BackendStatus, describeBackends } from './index.js';

export interface Diagnosis extends BackendStatus {
  /** Empty where the backend is not available. */
  readonly checks: readonly Check[];
}

/** @param onProgress - told which backend is being checked */
export async function diagnoseBackends(onProgress: (name: BackendName) => void): Promise<Diagnosis[]> {
  const diagnoses: Diagnosis[] = [];
  for (const status of await describeBackends()) {
    if (status.available) onProgress(status.name);
    diagnoses.push({ ...status, checks: status.available ? await checkInChild(status.name) : [] });
  }
  return diagnoses;
}

/** Longer than the slowest backend takes on a busy machine. */
const patienceMs = 180_000;

/** Never throws: a child that dies or hangs gives one failed check. */
export function checkInChild(name: BackendName): Promise<readonly Check[]> {
  const program = fileURLToPath(new URL('check-process.ts', import.meta.url));
  const typescript = pathToFileURL(createRequire(import.meta.url).resolve('tsx/esm')).href;
  return new Promise((resolve) => {
    let checks: readonly Check[] | undefined;
    let errors = '';
    const child = fork(program, [name], {
      execArgv: ['--import', typescript],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      timeout: patienceMs,
      killSignal: 'SIGKILL',
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      errors = (errors + chunk.toString()).slice(-2_000);
    });
    child.on('message', (message) => {
      checks = message as readonly Check[];
    });
    child.on('error', (error) => {
      resolve([{ name: 'start', passed: false, detail: error.message }]);
    });
    child.on('close', (code, signal) => {
      const how = signal === null ? `exit ${code ?? '?'}` : signal;
      const lastLine = errors.trim().split('\n').at(-1) ?? '';
      resolve(
        checks ?? [{ name: 'start', passed: false, detail: `the process ended with ${how}: ${lastLine}` }],
      );
    });
  });
}
