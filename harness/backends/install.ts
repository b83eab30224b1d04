/**
 * Installs a native backend into the user's cache.
 *
 * It is built in a folder of its own and becomes visible when its manifest is renamed into place. Killed at any moment,
 * or run twice at once, there is the old installation or the new one, whole; what a dead installer left is cleaned by
 * the next.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assertTools } from './commands.js';
import { planInstall, type InstallPlan } from './install-plan.js';
import {
  addJavaScript,
  compileBinding,
  downloadWheels,
  layout,
  probeBinding,
  unpackWheels,
} from './install-steps.js';
import {
  describeFiles,
  findCorruptFile,
  findInstallation,
  type Manifest,
  manifestPath,
  manifestSchema,
  readManifest,
} from './manifest.js';
import { BackendError } from './names.js';
import { installOfficial } from './official.js';
import { installationKey, installationsFolder, type Variant } from './places.js';

export interface InstallOptions {
  readonly variant: Variant;
  /** Called with a line for a person at each step. */
  readonly onProgress: (line: string) => void;
}

export interface InstallResult {
  readonly manifest: Manifest;
  /** False when it was there already, whole to the last byte. */
  readonly installed: boolean;
}

/** What an installer leaves for the manifest. */
export type Built = Pick<Manifest, 'origin' | 'tensorflow' | 'binding' | 'javascript'>;

/** @throws BackendError with what is missing or went wrong, and what to do */
export async function installBackend({ variant, onProgress }: InstallOptions): Promise<InstallResult> {
  const plan = planInstall(variant, process.platform, process.arch);
  await mkdir(installationsFolder(), { recursive: true });
  await removeLeftovers();
  const present = await findWhole(variant);
  if (present !== null) return { manifest: present, installed: false };
  for (const warning of plan.warnings) onProgress(`note: ${warning}`);

  const folder = `${plan.key}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const root = join(installationsFolder(), folder);
  const scratch = join(root, 'scratch');
  try {
    await mkdir(scratch, { recursive: true });
    const built =
      (await installOfficial(variant, root, onProgress)) ?? (await installWheel(plan, root, onProgress));
    await rm(scratch, { recursive: true });
    onProgress('put it in place');
    return await putInPlace({ schema: 1, key: plan.key, variant, folder, ...built }, root);
  } catch (error) {
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
    throw error;
  }
}

async function installWheel(
  plan: InstallPlan,
  root: string,
  onProgress: (line: string) => void,
): Promise<Built> {
  const scratch = join(root, 'scratch');
  const headers = join(scratch, 'headers');
  await assertTools();
  await assertSpace(root, plan);
  onProgress(`download ${plan.wheel.requirement} (${Math.round(plan.wheel.bytes / 1e6)} MB)`);
  const wheels = await downloadWheels(plan, join(scratch, 'wheels'));
  onProgress('unpack the library');
  await unpackWheels(plan, wheels, root, headers);
  await addJavaScript(root, scratch);
  onProgress('compile the binding');
  await compileBinding(root, headers, scratch);
  onProgress('load it and multiply two matrices');
  const tensorflow = await probeBinding(join(root, layout.binding));
  return { origin: 'wheel', tensorflow, binding: layout.binding, javascript: layout.javascript };
}

async function assertSpace(root: string, plan: InstallPlan): Promise<void> {
  const { bavail, bsize } = await statfs(root);
  const needed = plan.wheel.bytes * 4;
  if (bavail * bsize < needed) {
    throw new BackendError(
      `${installationsFolder()} has ${Math.round((bavail * bsize) / 1e6)} MB free, ${Math.round(needed / 1e6)} MB are ` +
        'needed; free some, or set FORMERBENCH_CACHE to a folder on another disk',
    );
  }
}

/** The last step: after it the installation is there, before it there is none of it. */
async function putInPlace(
  description: Omit<Manifest, 'files' | 'installedAt'>,
  root: string,
): Promise<InstallResult> {
  const files = await describeFiles(root);
  const earlier = await findWhole(description.variant);
  if (earlier !== null) {
    // Another installer was faster; what runs from its folder must not lose it.
    await rm(root, { recursive: true });
    return { manifest: earlier, installed: true };
  }
  const manifest = manifestSchema.parse({ ...description, installedAt: new Date().toISOString(), files });
  const temporary = join(installationsFolder(), `${description.folder}.json`);
  await writeFile(temporary, JSON.stringify(manifest, null, 1));
  await rename(temporary, manifestPath(description.variant));
  await removeLeftovers();
  return { manifest, installed: true };
}

async function findWhole(variant: Variant): Promise<Manifest | null> {
  const installation = findInstallation(variant);
  if (installation.state !== 'whole') return null;
  const corrupt = await findCorruptFile(installation.root, installation.manifest.files);
  return corrupt === null ? installation.manifest : null;
}

/** Removes what no manifest names and no living installer builds. */
async function removeLeftovers(): Promise<void> {
  const manifests = (['cpu', 'gpu'] as const).map((variant) => readManifest(manifestPath(variant)));
  const used = new Set(manifests.map((each) => (typeof each === 'object' ? each?.folder : undefined)));
  const ours = /^tensorflow-.+\.(\d+)\.[0-9a-f]{8}(?:\.json)?$/;
  for (const name of await readdir(installationsFolder())) {
    const builder = ours.exec(name)?.[1];
    if (builder === undefined || used.has(name) || isAnotherAlive(Number(builder))) continue;
    await rm(join(installationsFolder(), name), { recursive: true, force: true, maxRetries: 5 });
  }
}

function isAnotherAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** @returns whether there was anything to remove */
export async function removeBackend(variant: Variant): Promise<boolean> {
  const manifest = readManifest(manifestPath(variant));
  if (manifest === null) return false;
  await rm(manifestPath(variant));
  const names = await readdir(installationsFolder());
  const folders = names.filter((name) => name.startsWith(`${installationKey(variant)}.`));
  for (const name of folders)
    await rm(join(installationsFolder(), name), { recursive: true, force: true, maxRetries: 5 });
  return true;
}
