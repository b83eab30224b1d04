/**
 * Checks one backend in this process, which the backend may bring down: `node --import tsx/esm check-process.ts NAME`.
 * The result goes to the parent as one message.
 */
import { runChecks } from './checks.js';
import type { Check } from './checks.js';
import { type BackendName, BackendError, startBackend } from './index.js';
import { findCorruptFile, findInstallation } from './manifest.js';

const name = process.argv[2] as BackendName;
const checks: Check[] = [];
try {
  if (name === 'tensorflow' || name === 'tensorflow-gpu') checks.push(...(await checkFiles()));
  if (checks.every((check) => check.passed)) {
    const info = await startBackend(name);
    checks.push({ name: 'start', passed: true, detail: `${info.version}, threads: ${info.threads}` });
    checks.push(...runChecks(name));
  }
} catch (error) {
  const detail = error instanceof BackendError || error instanceof Error ? error.message : String(error);
  checks.push({ name: 'start', passed: false, detail });
}
process.send?.(checks);

/** Every byte of an installation in the cache; an official build has no list to compare with. */
async function checkFiles(): Promise<Check[]> {
  const installation = findInstallation(name === 'tensorflow' ? 'cpu' : 'gpu');
  if (installation.state !== 'whole') return [];
  const { files } = installation.manifest;
  const corrupt = await findCorruptFile(installation.root, files);
  const detail =
    corrupt === null
      ? `sha256 of ${files.length} files`
      : `${corrupt} is not what was installed; run: formerbench backend remove, then formerbench backend install`;
  return [{ name: 'files', passed: corrupt === null, detail }];
}
