/**
 * A small summarization on a fresh machine: the subject of an e-mail from its body, on the SpamAssassin corpus.
 *
 * Mails that began a thread only: a reply's subject speaks of another mail. A subject needs two words and a body ten.
 */
import { z } from 'zod';
import { splitSentences } from '../text/sentences.js';
import type { DatasetSource } from './contract.js';
import type { PairDataset, SummaryPair } from './pair-contract.js';
import { findMails, readMails, replyMark, spamAssassin, withoutNames } from './spam-assassin.js';

const options = z.strictObject({});

export const mailSubjects = {
  kind: 'pairs',
  name: 'mail-subjects',
  title: 'Subjects of SpamAssassin e-mails',
  citation: spamAssassin.citation,
  licence: spamAssassin.licence,
  origins: spamAssassin.origins,
  folder: null,
  splitRule: '80 / 10 / 10 by a hash of the subject; mails of one subject are all on one side',
  standIn: true,
  paperColumn: null,
  options,
  find: findMails,
  read: readSubjects,
} satisfies PairDataset<typeof options>;

async function* readSubjects(source: DatasetSource): AsyncGenerator<SummaryPair> {
  for await (const { id, subject, body, thread } of readMails(source)) {
    if (replyMark.test(subject)) continue;
    const summary = withoutNames(subject).replace(/\s+/g, ' ').trim();
    const document = splitSentences(withoutNames(body));
    if (words(summary) < 2 || words(document.join(' ')) < 10) continue;
    yield { id, document, summary: [summary], split: null, group: thread };
  }
}

const words = (text: string): number => text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
