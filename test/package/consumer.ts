/** A project of someone who installs the package: an empty folder, npm, and a download host that counts who asks. */
import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../harness/sources.js';

export interface Ended {
  readonly code: number | string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end; does not throw when it fails. */
export function run(
  command: readonly string[],
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const [program = '', ...args] = command;
  const options = { cwd: folder, env: { ...process.env, FORMERBENCH_DATA: '', ...env }, maxBuffer: 1 << 26 };
  return new Promise((resolve) => {
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : (error.code ?? null), stdout, stderr });
    });
    child.stdin?.end();
  });
}

/** An empty project of modules. */
export function emptyProject(): string {
  const folder = mkdtempSync(join(tmpdir(), 'formerbench-package-'));
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  return folder;
}

/** Packs as for publishing. @returns the tarball */
export async function packForPublishing(out: string): Promise<string> {
  const packing = [process.execPath, '--import', 'tsx', 'scripts/pack.ts', '--out', out];
  return tarballOf(await run(packing, packageRoot), '');
}

/** Packs as anyone would in a clone. @returns the tarball */
export async function packPlainly(out: string): Promise<string> {
  return tarballOf(await run(['npm', 'pack', '--pack-destination', out], packageRoot), out);
}

function tarballOf({ code, stdout, stderr }: Ended, folder: string): string {
  if (code !== 0) throw new Error(`packing failed: ${stderr}`);
  return join(folder, stdout.trim().split('\n').at(-1) ?? '');
}

export interface DownloadHost {
  readonly server: Server;
  readonly url: string;
  /** Paths that were asked for. */
  readonly requests: string[];
}

/** Stands in for the host of the native library, and has nothing to give. */
export async function startDownloadHost(): Promise<DownloadHost> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { server, url: `http://127.0.0.1:${port}/`, requests };
}

/** @param npm - the version; install scripts are allowed, whatever this machine's settings say */
export function install(npm: number, tarball: string, folder: string, host: DownloadHost): Promise<Ended> {
  const settings = ['--ignore-scripts=false', '--prefer-offline', '--no-audit', '--no-fund'];
  const command = ['npx', '--yes', `npm@${npm}`, 'install', ...settings, tarball];
  return run(command, folder, { TFJS_NODE_CDN_STORAGE: host.url });
}
