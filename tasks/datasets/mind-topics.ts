/**
 * MIND: which topic a news article is from, 18 at most.
 *
 * Offered in both editions, `mind-topics-large` with the paper's 161,000 articles and `mind-topics` with the 65,000 of
 * the small one. MIND ships titles and abstracts only; the paper read whole articles, which were on the web. A file of
 * these, made by the reader's own crawl, can be given: JSON lines with the article's `id` and `body`.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { DataError, type DatasetSource, type TextDataset, type TextExample } from './contract.js';
import { readLines, splitLines } from './lines.js';
import { readPackage } from './package-files.js';
import { foldersWithNames, isFolder } from './places.js';

const advice =
  'Get MINDsmall_train.zip (or the archives of the large edition) again and put it into the folder mind of the data folder.';
/** Far above the original: 85 MB of news, 1.4 GB of impressions that are skipped. */
const limits = { entryBytes: 2 ** 29, entries: 1_000, totalBytes: 2 ** 34 };
const lineLimits = { lineBytes: 1 << 22, lines: 5_000_000, totalBytes: 2 ** 34 };

const options = z.strictObject({
  /** What is read of an article; `body` needs the file of bodies beside the archive. */
  text: z.enum(['title', 'title-abstract', 'body']).default('title'),
  /** Name of the file of bodies, JSON lines with `id` and `body`, plain or gzip. */
  bodies: z
    .string()
    .regex(/^[^/\\]+$/)
    .default('bodies.jsonl'),
});
type Options = z.infer<typeof options>;

const body = z.object({ id: z.string(), body: z.string() });

const terms = {
  title: 'Microsoft Research License Terms',
  url: 'https://github.com/msnews/MIND/blob/master/MSR%20License_Data.pdf',
  summary: 'MIND may be used for non-commercial research only, and must not be passed on.',
};

type Edition = 'small' | 'large';

const archivesOf = (edition: Edition, parts: readonly string[]) =>
  parts.map((part) => ({
    url: `https://huggingface.co/datasets/yjw1029/MIND/resolve/main/MIND${edition}_${part}.zip`,
    mirrors: [`https://recodatasets.z20.web.core.windows.net/newsrec/MIND${edition}_${part}.zip`],
  }));

const shared = {
  kind: 'text',
  citation: 'Wu et al., MIND: A Large-scale Dataset for News Recommendation, ACL 2020',
  licence: 'Microsoft Research License Terms: non-commercial research',
  terms,
  folder: 'mind',
  splitRule: '80 / 10 / 10 by topic; topics of fewer than five articles stay in training',
  standIn: false,
  options,
  read: readMind,
} as const;

const shorter = 'the paper read whole articles of 505 words, which MIND does not ship';

export const mindTopicsLarge = {
  ...shared,
  name: 'mind-topics-large',
  title: 'MIND news, topic, large edition',
  origins: archivesOf('large', ['train', 'dev', 'test']),
  paperColumn: { name: 'MIND', notComparable: `${shorter}; this reads titles unless bodies are given` },
  find: (folders, given) => Promise.resolve(findMind(folders, 'large', given)),
} satisfies TextDataset<typeof options>;

export const mindTopics = {
  ...shared,
  name: 'mind-topics',
  title: 'MIND news, topic',
  origins: archivesOf('small', ['train', 'dev']),
  paperColumn: {
    name: 'MIND',
    notComparable: `${shorter}, of the large edition; this is the small one, titles unless bodies are given`,
  },
  find: (folders, given) => Promise.resolve(findMind(folders, 'small', given)),
} satisfies TextDataset<typeof options>;

/** The archives, or unpacked folders, of an edition that lie in one folder; the training part must be there. */
function findMind(folders: readonly string[], edition: Edition, given?: Options): DatasetSource | null {
  for (const { folder, names } of foldersWithNames(folders, 'mind')) {
    const parts = ['train', 'dev', 'test'].map((part) => {
      const base = `MIND${edition}_${part}`;
      const archive = [`${base}.zip`, `${base}.tar.gz`].find((name) => names.includes(name));
      return archive ?? (names.includes(base) && isFolder(join(folder, base)) ? base : null);
    });
    if (parts[0] === null) continue;
    const [path = '', ...others] = parts.flatMap((name) => (name === null ? [] : [join(folder, name)]));
    if (given?.text === 'body') {
      if (!names.includes(given.bodies)) continue;
      others.push(join(folder, given.bodies));
    }
    return { path, others, label: parts.filter((name) => name !== null).join(', ') };
  }
  return null;
}

async function* readMind(source: DatasetSource, given: Options): AsyncGenerator<TextExample> {
  const paths = [source.path, ...(source.others ?? [])];
  const bodies = given.text === 'body' ? await readBodies(paths.pop() ?? '') : null;
  const seen = new Set<string>();
  for (const path of paths) {
    const isNews = (name: string) => /(?:^|\/)news\.tsv$/.test(name);
    let files = 0;
    for await (const { content } of readPackage(path, limits, isNews, advice)) {
      files += 1;
      for await (const line of splitLines([content], lineLimits)) {
        const article = parseArticle(line);
        // The parts of an edition share most of their articles.
        if (article === null || seen.has(article.id)) continue;
        seen.add(article.id);
        yield { id: article.id, text: textOf(article, given, bodies), label: article.topic, split: null };
      }
    }
    if (files === 0) throw new DataError(`${source.label} cannot be used: it holds no news.tsv. ${advice}`);
  }
}

interface Article {
  readonly id: string;
  readonly topic: string;
  readonly title: string;
  readonly abstract: string;
}

/** Tab-separated without quoting: titles hold quote marks. */
function parseArticle(line: string): Article | null {
  if (line === '') return null;
  const [id = '', topic = '', , title, abstract] = line.split('\t');
  if (/^N\d+$/.test(id) && topic !== '' && title !== undefined && abstract !== undefined)
    return { id, topic, title, abstract };
  throw new DataError(`MIND cannot be used: news.tsv has a line that is no article. ${advice}`);
}

function textOf(article: Article, { text }: Options, bodies: ReadonlyMap<string, string> | null): string {
  if (text === 'title') return article.title;
  if (text === 'title-abstract') return `${article.title} ${article.abstract}`;
  // Articles that are no longer on the web have no body: they are left out, as texts without a token are.
  return bodies?.get(article.id) ?? '';
}

async function readBodies(path: string): Promise<Map<string, string>> {
  const bodies = new Map<string, string>();
  const bodiesAdvice = 'Expected are JSON lines with the fields id and body.';
  let number = 0;
  for await (const line of readLines(path, lineLimits, bodiesAdvice)) {
    number += 1;
    if (line === '') continue;
    const parsed = body.safeParse(parseJson(line));
    if (!parsed.success)
      throw new DataError(`the file of bodies cannot be used: line ${number} is none. ${bodiesAdvice}`);
    bodies.set(parsed.data.id, parsed.data.body);
  }
  return bodies;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
