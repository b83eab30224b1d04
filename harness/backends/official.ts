/**
 * tfjs-node's own installer: downloads a library and a ready binding from a host that not every network reaches. It is
 * tried first, given up at once where its host does not answer, and never makes an installation fail.
 */
import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './commands.js';
import type { Built } from './install.js';
import { addStubs, probeBinding } from './install-steps.js';
import { nodeApiVersion, packageFolder, tfjsVersion, type Variant } from './places.js';

/** Longer than a slow answer, short enough not to be noticed. */
const patienceMs = 3_000;

/** @returns null when the installer's host does not answer or the installer fails */
export async function installOfficial(
  variant: Variant,
  root: string,
  onProgress: (line: string) => void,
): Promise<Built | null> {
  const host = installerHost();
  if (host === null || !(await answers(host))) {
    onProgress('the official installer’s host does not answer: using the Python wheel');
    return null;
  }
  const name = variant === 'gpu' ? 'tfjs-node-gpu' : 'tfjs-node';
  try {
    onProgress(`run the official installer of @tensorflow/${name}`);
    return await runInstaller(name, root);
  } catch (error) {
    const [why = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    onProgress(`the official installer failed (${why}): using the Python wheel`);
    await rm(join(root, 'node_modules'), { recursive: true, force: true });
    return null;
  }
}

async function runInstaller(name: string, root: string): Promise<Built> {
  const dependencies = { [`@tensorflow/${name}`]: tfjsVersion };
  await writeFile(join(root, 'package.json'), JSON.stringify({ private: true, dependencies }));
  await runCommand('npm', ['install', '--ignore-scripts=false', '--no-audit', '--no-fund'], { cwd: root });
  const javascript = `node_modules/@tensorflow/${name}`;
  const binding = `${javascript}/lib/napi-v${nodeApiVersion}/tfjs_binding.node`;
  const tensorflow = await probeBinding(join(root, binding));
  await addStubs(root);
  return { origin: 'official', tensorflow, binding, javascript };
}

/** Where the installer downloads from, as it says itself. */
function installerHost(): string | null {
  const mirror = process.env['TFJS_NODE_CDN_STORAGE'];
  if (mirror !== undefined) return mirror;
  const folder = packageFolder('@tensorflow/tfjs-node-gpu');
  if (folder === null) return null;
  const description = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    binary?: { host?: string };
  };
  return description.binary?.host ?? null;
}

async function answers(host: string): Promise<boolean> {
  try {
    const response = await fetch(host, { method: 'HEAD', signal: AbortSignal.timeout(patienceMs) });
    return response.status < 500;
  } catch {
    return false;
  }
}
