/**
 * MIND as a news recommender reads it: the articles (`news.tsv`) and what users were shown and clicked
 * (`behaviors.tsv`), in three editions.
 *
 * Wu et al., "MIND: A Large-scale Dataset for News Recommendation", ACL 2020. Both files are tab-separated without
 * quoting. The hidden test part of the large edition has candidates without labels.
 */
import { join } from 'node:path';
import { DataError, type Origin } from './contract.js';
import { type LineLimits, splitLines } from './lines.js';
import { openPackage } from './package-files.js';
import { foldersWithNames, isFolder } from './places.js';

const mindParts = ['train', 'dev', 'test'] as const;
export type MindPart = (typeof mindParts)[number];

/** The parts of an edition that are on this machine: archives or unpacked folders. */
export interface MindSource {
  readonly parts: readonly { readonly part: MindPart; readonly path: string }[];
  /** Names of the parts, never a machine's path. */
  readonly label: string;
}

export interface MindEdition {
  readonly name: string;
  readonly title: string;
  readonly origins: readonly Origin[];
  /** Its part of the name of each archive. */
  readonly edition: 'demo' | 'small' | 'large';
}

const edition = (name: MindEdition['edition'], title: string, parts: readonly MindPart[]): MindEdition => ({
  name: `mind-${name}`,
  title,
  edition: name,
  origins: parts.map((part) => ({
    url: `https://huggingface.co/datasets/yjw1029/MIND/resolve/main/MIND${name}_${part}.zip`,
    mirrors: [`https://recodatasets.z20.web.core.windows.net/newsrec/MIND${name}_${part}.zip`],
  })),
});

/** The nearest to the paper's first. */
export const mindEditions: readonly MindEdition[] = [
  edition('large', 'MIND, large edition', mindParts),
  edition('small', 'MIND, small edition', ['train', 'dev']),
  edition('demo', 'MIND, demo edition', ['train', 'dev']),
];

/** @returns null where the training part is in none of the folders */
export function findMind(folders: readonly string[], { edition: name }: MindEdition): MindSource | null {
  for (const { folder, names } of foldersWithNames(folders, 'mind')) {
    const parts = mindParts.flatMap((part) => {
      const base = `MIND${name}_${part}`;
      const archive = [`${base}.zip`, `${base}.tar.gz`].find((each) => names.includes(each));
      const found = archive ?? (names.includes(base) && isFolder(join(folder, base)) ? base : null);
      return found === null ? [] : [{ part, path: join(folder, found), found }];
    });
    if (parts[0]?.part !== 'train') continue;
    return {
      parts: parts.map(({ part, path }) => ({ part, path })),
      label: parts.map(({ found }) => found).join(', '),
    };
  }
  return null;
}

/** Far above the large edition: 85 MB of news, 1.4 GB of impressions. */
const limits = { entryBytes: 2 ** 33, entries: 1_000, totalBytes: 2 ** 35 };
const lineLimits: LineLimits = { lineBytes: 1 << 22, lines: 20_000_000, totalBytes: 2 ** 34 };
const advice = 'Get the archives of MIND again and put them into the folder mind of the data folder.';

/**
 * The lines of one file of a part, without line ends.
 * @throws DataError when the part is damaged, cut short, over a limit, or has no such file
 */
export async function* readMindLines(
  path: string,
  file: 'news.tsv' | 'behaviors.tsv',
): AsyncGenerator<string> {
  let files = 0;
  const isWanted = (name: string) => name === file || name.endsWith(`/${file}`);
  for await (const { open } of openPackage(path, limits, isWanted, advice)) {
    files += 1;
    yield* splitLines(open(), lineLimits);
  }
  if (files === 0) throw new DataError(`MIND cannot be used: a part holds no ${file}. ${advice}`);
}
