/** Whether a file is the published one. */
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { hashFile } from './checksum.js';
import type { Origin } from './contract.js';

type Published = Pick<Origin, 'bytes' | 'sha256' | 'md5'>;

export interface Intactness {
  readonly bytes: number;
  readonly sha256: string;
  /** What differs from what is published, or null. */
  readonly problem: string | null;
}

export async function compareWith(path: string, published: Published): Promise<Intactness> {
  const { size } = await stat(path);
  const sha256 = await hashFile(path);
  const md5 = published.md5 === undefined ? null : await hashFile(path, 'md5');
  const differs = (what: string, found: string | number, wanted: string | number) =>
    `${basename(path)} is not the published file: ${what} ${found}, published ${wanted}`;
  let problem: string | null = null;
  if (published.bytes !== undefined && published.bytes !== size)
    problem = differs('bytes', size, published.bytes);
  else if (published.sha256 !== undefined && published.sha256 !== sha256)
    problem = differs('sha256', sha256, published.sha256);
  else if (md5 !== null && published.md5 !== md5) problem = differs('md5', md5, published.md5 ?? '');
  return { bytes: size, sha256, problem };
}

/** Whether anything is published to hold a file against. */
export const hasChecksum = ({ sha256, md5 }: Published): boolean => sha256 !== undefined || md5 !== undefined;
