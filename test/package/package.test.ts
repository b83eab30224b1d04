/** The package as others get it: packed, installed in an empty folder, used. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRecords } from '../../harness/read-records.js';
import type { RunRecord } from '../../harness/record.js';
import { packageRoot } from '../../harness/sources.js';
import {
  type DownloadHost,
  emptyProject,
  install,
  packForPublishing,
  packPlainly,
  run,
  startDownloadHost,
} from './consumer.js';
import { brokenPluginSource, pluginSource } from './plugin-source.js';

const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
  version: string;
};
const nativePackage = 'node_modules/@tensorflow/tfjs-node-gpu';

let host: DownloadHost;
const folders: string[] = [];
const newProject = (): string => {
  const folder = emptyProject();
  folders.push(folder);
  return folder;
};

beforeAll(async () => {
  host = await startDownloadHost();
});
afterAll(() => {
  host.server.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe.each([11, 10])('the published package, installed by npm %i', (npm) => {
  let project: string;
  beforeAll(async () => {
    project = newProject();
    const tarball = await packForPublishing(project);
    host.requests.length = 0;
    const { code, stderr } = await install(npm, tarball, project, host);
    expect(code, stderr).toBe(0);
  });

  it('is installed without asking for the native library', () => {
    expect(host.requests).toEqual([]);
    expect(existsSync(join(project, nativePackage))).toBe(false);
  });

  it('says its version and what it can reproduce', async () => {
    const { stdout } = await run(['npx', 'formerbench', '--version'], project);
    expect(stdout.trim()).toBe(version);
    const tables = await run(['npx', 'formerbench', 'list', 'tables', '--json'], project);
    const names = (JSON.parse(tables.stdout) as { name: string }[]).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['table-4', 'figure-2']));
  });

  it('type-checks a plugin against declarations, and refuses one that is no architecture', async () => {
    writeFileSync(join(project, 'plugin.ts'), pluginSource);
    writeFileSync(join(project, 'broken.ts'), brokenPluginSource);
    const compiler = [process.execPath, join(packageRoot, 'node_modules/typescript/bin/tsc'), '--noEmit'];
    const settings = ['--strict', '--module', 'nodenext', '--skipLibCheck', '--listFiles'];
    const good = await run([...compiler, ...settings, 'plugin.ts'], project);
    expect(good.code, good.stdout).toBe(0);
    const ours = good.stdout.split('\n').filter((file) => file.includes('/node_modules/formerbench/'));
    expect(ours).not.toEqual([]);
    expect(ours.filter((file) => !file.endsWith('.d.ts'))).toEqual([]);
    const broken = await run([...compiler, ...settings, 'broken.ts'], project);
    expect(broken.code).not.toBe(0);
    expect(broken.stdout).toContain('broken.ts');
    expect(broken.stdout).toContain("'Tensor3D'");
  });

  it('trains an architecture of a plugin written in TypeScript', async () => {
    writeFileSync(join(project, 'plugin.ts'), pluginSource);
    const cell = ['--architecture', 'mean-mixer', '--dataset', 'brown', '--preset', 'smoke'];
    const command = ['npx', 'formerbench', 'run', '--plugin', 'plugin.ts', ...cell, '--backend', 'wasm'];
    const { code, stdout, stderr } = await run([...command, '--json', '--out', 'plugin-results'], project);
    expect(code, stderr).toBe(0);
    const record = JSON.parse(stdout) as RunRecord;
    expect(record.cell.architecture).toBe('mean-mixer');
    expect(record.curve.length).toBeGreaterThan(0); // It trained, however little a smoke run learns.
    expect(record.provenance).toMatchObject({ formerbench: version, git: null });
  });

  // Once is enough: what npm installs is the same.
  if (npm === 10) return;

  it('reproduces the tables at the smoke preset on the embedded backend', async () => {
    const command = [
      'npx',
      'formerbench',
      'reproduce-paper-tables',
      '--preset',
      'smoke',
      '--backend',
      'wasm',
    ];
    const some = ['--only', 'table-4,figure-2', '--architectures', 'transformer,fastformer'];
    const { code, stdout, stderr } = await run([...command, ...some, '--json'], project);
    expect(code, stderr).toBe(0);
    const { cells, tables } = JSON.parse(stdout) as {
      cells: { planned: number; ran: number; failed: number };
      tables: { name: string; cells: { ours: number | null }[] }[];
    };
    expect(cells).toMatchObject({ ran: cells.planned, failed: 0 });
    for (const table of tables) {
      expect(table.cells.filter(({ ours }) => ours !== null).length, table.name).toBeGreaterThan(0);
    }
    const records = await readRecords([join(project, 'results')]);
    expect(records).toHaveLength(cells.planned);
    const page = readFileSync(join(project, 'results/report.html'), 'utf8');
    for (const { id } of records) expect(page).toContain(`id="record-${id}"`);
  });
});

describe('a plain `npm pack` of the repository', () => {
  it('installs also where the host of the native library gives nothing, without that library', async () => {
    const project = newProject();
    const tarball = await packPlainly(project);
    host.requests.length = 0;
    const { code, stderr } = await install(10, tarball, project, host);
    expect(code, stderr).toBe(0);
    expect(host.requests.join()).toContain('libtensorflow');
    expect(existsSync(join(project, nativePackage))).toBe(false);
    const { stdout } = await run(['npx', 'formerbench', '--version'], project);
    expect(stdout.trim()).toBe(version);
  });
});
