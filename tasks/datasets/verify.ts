/** Holds data that is here against what is published, or against what it was when it came, and reads all of it. */
import { basename, relative } from 'node:path';
import type { DatasetSource } from './contract.js';
import { type Fetchable, fileOf, filesOf } from './fetchable.js';
import { compareWith, type Intactness } from './intact.js';
import { readManifest } from './manifest.js';
import { isFile } from './places.js';

export interface Verified {
  readonly name: string;
  readonly label: string;
  readonly files: readonly VerifiedFile[];
  /** Examples, or vectors; null when it could not be read to the end. */
  readonly count: number | null;
  readonly passed: boolean;
  /** What is wrong, or null. */
  readonly problem: string | null;
}

interface VerifiedFile {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  /** What it was held against. */
  readonly against: 'published' | 'as it came' | 'nothing';
}

/** @param cache - whose manifest says how files were when they came */
export async function verifyData(
  fetchable: Fetchable,
  source: DatasetSource,
  cache: string,
): Promise<Verified> {
  const files: VerifiedFile[] = [];
  const problems: string[] = [];
  for (const path of filesOf(source).filter(isFile)) {
    const { file, problem } = await verifyFile(fetchable, path, cache);
    files.push(file);
    if (problem !== null) problems.push(problem);
  }
  const count = await fetchable.count(source).catch((error: unknown) => {
    problems.push(error instanceof Error ? error.message : String(error));
    return null;
  });
  const problem = problems.length === 0 ? null : problems.join('; ');
  return { name: fetchable.name, label: source.label, files, count, passed: problem === null, problem };
}

async function verifyFile(
  { origins }: Fetchable,
  path: string,
  cache: string,
): Promise<{ file: VerifiedFile; problem: string | null }> {
  const file = basename(path);
  const cameAs = (await readManifest(cache))[relative(cache, path).replaceAll('\\', '/')];
  const published = origins.find((origin) => fileOf(origin) === file) ?? { url: '' };
  const isPublished = published.sha256 !== undefined || published.md5 !== undefined;
  const compared: Intactness = await compareWith(path, published);
  const changed = cameAs !== undefined && cameAs.sha256 !== compared.sha256;
  // A file that was imported although it differs from the published one is right as it came.
  const asItCame = cameAs !== undefined && !changed;
  const problem = changed ? `${file} has changed since it came` : asItCame ? null : compared.problem;
  const against = cameAs !== undefined ? 'as it came' : isPublished ? 'published' : 'nothing';
  return { file: { file, bytes: compared.bytes, sha256: compared.sha256, against }, problem };
}
