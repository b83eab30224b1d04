/**
 * PubMed: scientific articles and their abstracts (Cohan et al., "A Discourse-Aware Attention Model for Abstractive
 * Summarization of Long Documents", NAACL 2018).
 *
 * `train.txt`, `val.txt` and `test.txt` of the archive hold a JSON object a line: `article_text` and `abstract_text` are
 * sentences, those of the abstract between `<S>` and `</S>`. Names may also end in `.jsonl`.
 */
import { basename } from 'node:path';
import { z } from 'zod';
import { DataError, type DatasetSource, type Split } from './contract.js';
import { type LineLimits, splitLines } from './lines.js';
import { openPackage } from './package-files.js';
import type { PairDataset, SummaryPair } from './pair-contract.js';
import { findNamed } from './places.js';

const options = z.strictObject({});

export const pubmed = {
  kind: 'pairs',
  name: 'pubmed',
  title: 'PubMed',
  citation:
    'Cohan et al., A Discourse-Aware Attention Model for Abstractive Summarization of Long Documents, 2018',
  licence: 'articles of PubMed Central under their own licences',
  origins: [
    {
      url: 'https://s3.amazonaws.com/datasets.huggingface.co/scientific_papers/1.1.1/pubmed-dataset.zip',
      mirrors: ['https://archive.org/download/armancohan-long-summarization-paper-code/pubmed-dataset.zip'],
      bytes: 880_225_504,
      sha256: 'd424074726a5e29e20bf834055fe7efe90f8a37bce0a2b512e4ab7e487013c04',
    },
  ],
  folder: 'pubmed',
  splitRule: 'the parts of Cohan et al.: 119,924 / 6,633 / 6,658 articles, where all are here',
  standIn: false,
  paperColumn: 'PubMed',
  options,
  find: (folders) => {
    const patterns = [/^pubmed-dataset(?:\.[\w.-]+)?\.(?:zip|tar\.gz|tgz)$/, /^pubmed-dataset$/];
    const found = findNamed(folders, 'pubmed', patterns);
    return Promise.resolve(found === null ? null : { path: found.path, label: found.name });
  },
  read: readPubmed,
} satisfies PairDataset<typeof options>;

const partPattern = /(?:^|\/)(train|val|test)\.(?:txt|jsonl?)$/;
const parts: Readonly<Record<string, Split>> = { train: 'train', val: 'validation', test: 'test' };

const limits = { entryBytes: 2 ** 34, entries: 1_000, totalBytes: 2 ** 35 };
const lineLimits: LineLimits = { lineBytes: 1 << 26, lines: 2_000_000, totalBytes: 2 ** 34 };
const advice = 'Fetch it again and put it into the folder pubmed of the data folder.';

const article = z.object({
  article_id: z.string().optional(),
  article_text: z.array(z.string()),
  abstract_text: z.array(z.string()),
});

async function* readPubmed({ path }: DatasetSource): AsyncGenerator<SummaryPair> {
  let files = 0;
  for await (const { name, open } of openPackage(path, limits, (each) => partPattern.test(each), advice)) {
    files += 1;
    const part = partPattern.exec(name)?.[1] ?? '';
    let number = 0;
    for await (const line of splitLines(open(), lineLimits)) {
      number += 1;
      if (line.trim() !== '') yield parseArticle(line, part, number, basename(path));
    }
  }
  if (files === 0)
    throw new DataError(
      `${basename(path)} cannot be used: it holds no train.txt, val.txt or test.txt. ${advice}`,
    );
}

function parseArticle(line: string, part: string, number: number, archive: string): SummaryPair {
  const parsed = article.safeParse(parseJson(line));
  if (!parsed.success)
    throw new DataError(
      `${archive} cannot be used: line ${number} of ${part} is no article with article_text and abstract_text. ${advice}`,
    );
  const { article_id: id, article_text: document, abstract_text: summary } = parsed.data;
  return {
    id: `${part}/${id ?? ''}/${number}`,
    document: clean(document),
    summary: clean(summary.map((sentence) => sentence.replace(/<\/?S>/g, ' '))),
    split: parts[part] ?? null,
  };
}

const clean = (sentences: readonly string[]): string[] =>
  sentences.map((sentence) => sentence.replace(/\s+/g, ' ').trim()).filter((sentence) => sentence !== '');

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
