import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DataError, type DatasetSource, type TextExample } from '../../../tasks/datasets/contract.js';
import { spamAssassin } from '../../../tasks/datasets/spam-assassin.js';
import { temporaryFolder } from './archives.js';

const checksum = '0123456789abcdef0123456789abcdef';

/** A package of the same layout. */
function writePackage(mails: Record<string, string[]>): DatasetSource {
  const path = temporaryFolder();
  const files = Object.keys(mails).map((id) => `${id}.${checksum}.txt`);
  mkdirSync(join(path, 'data'));
  writeFileSync(join(path, 'data', 'file_list.json'), JSON.stringify(files));
  for (const [id, lines] of Object.entries(mails)) {
    const file = join(path, 'data', `${id}.${checksum}.txt`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, lines.join('\n'));
  }
  return { path, label: 'test' };
}

async function read(source: DatasetSource): Promise<TextExample[]> {
  const examples: TextExample[] = [];
  for await (const example of spamAssassin.read(source)) examples.push(example);
  return examples;
}

async function readText(lines: string[]): Promise<string> {
  const [example] = await read(writePackage({ 'spam-1/00001': lines }));
  return example!.text.split(/\s+/).filter(Boolean).join(' ');
}

describe('spam-assassin', () => {
  it('gives subject and body, the group as label, and no split', async () => {
    const source = writePackage({
      'easy-ham-1/00007': ['From: a@b.c', 'List-Id: fork', 'Subject: Hello', '', 'A line.'],
    });
    expect(await read(source)).toEqual([
      { id: 'easy-ham-1/00007', text: 'Hello\nA line.', label: 'easy-ham-1', split: null, group: 'hello' },
    ]);
  });

  it('groups the mails of one thread, whatever list tag and reply marks they have', async () => {
    const source = writePackage({
      'easy-ham-1/00001': ['Subject: [ILUG] Which editor?', '', 'vi'],
      'easy-ham-2/00001': ['Subject: Re: [ILUG] Fwd: which  editor?', '', 'emacs'],
      'easy-ham-2/00002': ['Subject: Re: [ILUG]', '', 'no subject'],
    });
    const groups = (await read(source)).map((example) => example.group);
    expect(groups).toEqual(['which editor?', 'which editor?', 'easy-ham-2/00002']);
  });

  it('takes list tags out of the start of a subject only', async () => {
    expect(await readText(['Subject: [SAtalk] Re: [SA-dev] rules [2] of 3', '', ''])).toBe(
      'Re: rules [2] of 3',
    );
  });

  it('cuts the footer of a list server, not a signature', async () => {
    const line = '_'.repeat(47);
    const footer = [line, 'Some-list mailing list', 'http://lists.example.org/listinfo/some'];
    expect(await readText(['Subject: s', '', 'words', ...footer])).toBe('s words');
    expect(await readText(['Subject: s', '', 'words', '-- ', 'Ann, poet'])).toBe('s words -- Ann, poet');
    expect(await readText(['Subject: s', '', 'above', line, 'below'])).toBe(`s above ${line} below`);
  });

  it('takes out addresses and the placeholders of names', async () => {
    const body =
      'write <someone@example.com>, yyyy or zzzzteana at http://spamassassin.taint.org/x or http://good.org';
    expect(await readText(['Subject: s', '', body])).toBe('s write or at or http://good.org');
  });

  it('says what to do when the package has another layout', async () => {
    const source = writePackage({});
    writeFileSync(join(source.path, 'data', 'file_list.json'), '{"not": "a list"}');
    await expect(read(source)).rejects.toThrow(DataError);
  });

  it('reads the installed package: 6,046 mails in five groups', async () => {
    const source = await spamAssassin.find();
    const counts: Record<string, number> = {};
    for (const { label } of await read(source!)) counts[label] = (counts[label] ?? 0) + 1;
    expect(counts).toEqual({
      'easy-ham-1': 2500,
      'easy-ham-2': 1400,
      'hard-ham-1': 250,
      'spam-1': 500,
      'spam-2': 1396,
    });
  });
});
