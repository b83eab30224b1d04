/** A small ListOps as it is published, and what a cache holds once it is there. */
import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { packTar } from '../tasks/datasets/archives.js';

const header = 'Source\tTarget\r\n';
/** A line with random letters in it, so that the archive does not shrink to nothing. */
const line = (part: string, i: number) =>
  `( [MAX ${createHash('sha512').update(`${part}${i}`).digest('hex')} ] )\t${i % 10}\r\n`;
export const entries = ['train', 'val', 'test'].map((part) => ({
  name: `lra_release/basic_${part}.tsv`,
  content: header + Array.from({ length: 30 }, (_, i) => line(part, i)).join(''),
}));
export const archive = gzipSync(await packTar(entries));
export const sha256 = createHash('sha256').update(archive).digest('hex');

export const inCache = (cache: string): string[] =>
  readdirSync(cache, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(cache, name)).isFile())
    .sort();
export const wholeCache = ['listops/lra_release.gz', 'manifest.json'];
