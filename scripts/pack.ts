/**
 * Packs what is published: `npm run pack [-- --out FOLDER]`.
 *
 * The tarball differs from that of a plain `npm pack` in two things. `@tensorflow/tfjs-node-gpu`, whose install script
 * downloads half a gigabyte, is an optional peer: nobody gets it unasked, and `formerbench backend install` fetches its
 * JavaScript when asked. And it holds type declarations: a plugin's compiler, of any version and with any flags, then
 * does not check these sources.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { manifestForPublishing, typesFolder } from './published-manifest.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({ options: { out: { type: 'string', default: root } } });
const out = resolve(values.out);
const staging = mkdtempSync(join(tmpdir(), 'formerbench-pack-'));
try {
  copySources(staging);
  writeTypes(join(staging, typesFolder));
  writeManifest(staging);
  mkdirSync(out, { recursive: true });
  const { filename } = pack(['--pack-destination', out], staging);
  console.log(join(out, filename));
} finally {
  rmSync(staging, { recursive: true });
}

/** Copies what npm itself would pack. */
function copySources(folder: string): void {
  for (const { path } of pack(['--dry-run'], root).files) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    copyFileSync(join(root, path), join(folder, path));
  }
}

/** Declarations of the package's entry and of all that it shows. */
function writeTypes(folder: string): void {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const language = ['--target', 'es2023', '--module', 'nodenext', '--strict', '--skipLibCheck'];
  const output = ['--declaration', '--emitDeclarationOnly', '--rootDir', root, '--outDir', folder];
  const program = [compiler, '--ignoreConfig', ...language, ...output, join(root, 'index.ts')];
  execFileSync(process.execPath, program, { stdio: 'inherit' });
}

function writeManifest(folder: string): void {
  const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const published = JSON.stringify(manifestForPublishing(manifest), null, 2);
  writeFileSync(join(folder, 'package.json'), `${published}\n`);
}

/** Runs `npm pack` in a folder. @returns what it says that it packed */
function pack(options: readonly string[], folder: string) {
  const output = execFileSync('npm', ['pack', '--json', '--ignore-scripts', ...options], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const tarball = z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) });
  return z.tuple([tarball]).parse(JSON.parse(output))[0];
}
