/**
 * Packs what is published: `npm run pack [-- --out FOLDER]`.
 *
 * The tarball differs from a plain `npm pack` in its manifest. `@tensorflow/tfjs-node-gpu`, whose install script
 * downloads half a gigabyte, is an optional peer there: nobody gets it unasked, and `formerbench backend install`
 * fetches its JavaScript when asked.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { manifestForPublishing } from './published-manifest.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({ options: { out: { type: 'string', default: root } } });
const out = resolve(values.out);
const staging = mkdtempSync(join(tmpdir(), 'formerbench-pack-'));
try {
  stage(staging);
  mkdirSync(out, { recursive: true });
  const [{ filename }] = packed(['--pack-destination', out], staging);
  console.log(join(out, filename));
} finally {
  rmSync(staging, { recursive: true });
}

/** Copies what npm itself would pack, and writes the manifest for publishing. */
function stage(folder: string): void {
  const [{ files }] = packed(['--dry-run'], root);
  for (const { path } of files) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    copyFileSync(join(root, path), join(folder, path));
  }
  const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  writeFileSync(
    join(folder, 'package.json'),
    `${JSON.stringify(manifestForPublishing(manifest), null, 2)}\n`,
  );
}

/** What `npm pack` says that it packed. */
function packed(args: readonly string[], folder: string) {
  const output = execFileSync('npm', ['pack', '--json', '--ignore-scripts', ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const one = z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) });
  return z.tuple([one]).parse(JSON.parse(output));
}
