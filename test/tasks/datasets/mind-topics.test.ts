import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mindTopics, mindTopicsLarge } from '../../../tasks/datasets/mind-topics.js';
import { temporaryFolder, writeArchive } from './archives.js';
import { countLabels, problemOf, readAll, sharedData } from './read-all.js';
import { packZip } from './zips.js';

const news = [
  'N1\tsports\tsoccer\tA "title with one quote\tAn abstract.\turl\t[]\t[]',
  'N2\thealth\t\tNo abstract\t\t\t[]\t[]',
].join('\n');
const more = 'N2\thealth\t\tNo abstract\t\t\t[]\t[]\nN3\tnews\t\tThird\tAbstract\t\t[]\t[]\n';
const behaviors = '1\tU1\t11/12/2019 2:14:46 PM\t\tN1-1 N2-0';

function writeZips(parts: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'mind'));
  for (const [name, content] of Object.entries(parts)) {
    const entries = [
      { name: 'behaviors.tsv', content: behaviors },
      { name: 'news.tsv', content },
    ];
    writeFileSync(join(folder, 'mind', name), packZip(entries));
  }
  return folder;
}

const small = () => writeZips({ 'MINDsmall_train.zip': news, 'MINDsmall_dev.zip': more });

describe('mind-topics', () => {
  it('reads each article of an edition once, its title as text, quote marks as they are', async () => {
    expect(await readAll(mindTopics, small())).toEqual([
      { id: 'N1', text: 'A "title with one quote', label: 'sports', split: null },
      { id: 'N2', text: 'No abstract', label: 'health', split: null },
      { id: 'N3', text: 'Third', label: 'news', split: null },
    ]);
  });

  it('reads the abstract too when asked', async () => {
    const texts = (await readAll(mindTopics, small(), { text: 'title-abstract' })).map(({ text }) => text);
    expect(texts).toEqual(['A "title with one quote An abstract.', 'No abstract ', 'Third Abstract']);
  });

  it('reads bodies from a crawled file beside the archives, and is not found without it', async () => {
    const folder = small();
    const body = { text: 'body', bodies: 'crawl.jsonl' };
    expect(await mindTopics.find([folder], mindTopics.options.parse(body))).toBeNull();
    writeFileSync(join(folder, 'mind', 'crawl.jsonl'), '{"id":"N3","body":"The whole article"}\n');
    const texts = (await readAll(mindTopics, folder, body)).map(({ text }) => text);
    expect(texts).toEqual(['', '', 'The whole article']);
    writeFileSync(join(folder, 'mind', 'crawl.jsonl'), '{"id":"N3"}\n');
    expect(await problemOf(readAll(mindTopics, folder, body))).toMatch(/line 1 is none.*id and body/);
  });

  it('takes tar.gz archives and unpacked folders of the same names, and keeps the editions apart', async () => {
    const archive = await writeArchive(
      [{ name: 'MINDlarge_train/news.tsv', content: news }],
      'MINDlarge_train.tar.gz',
    );
    expect(await readAll(mindTopicsLarge, dirname(archive))).toHaveLength(2);
    expect(await mindTopics.find([dirname(archive)], mindTopics.options.parse({}))).toBeNull();
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'MINDsmall_train'));
    writeFileSync(join(folder, 'MINDsmall_train', 'news.tsv'), news);
    expect(await readAll(mindTopics, folder)).toHaveLength(2);
    expect(await mindTopicsLarge.find([folder], mindTopics.options.parse({}))).toBeNull();
  });

  it('asks for agreement to its terms, and says why values do not compare', () => {
    for (const { terms, paperColumn } of [mindTopics, mindTopicsLarge]) {
      expect(terms.summary).toMatch(/non-commercial/);
      expect(paperColumn.notComparable).toMatch(/whole articles/);
    }
  });

  it('refuses an archive without news, and a line that is no article', async () => {
    const archive = await writeArchive([{ name: 'other.txt', content: '' }], 'MINDsmall_train.tar.gz');
    expect(await problemOf(readAll(mindTopics, dirname(archive)))).toMatch(/holds no news\.tsv/);
    const broken = writeZips({ 'MINDsmall_train.zip': `${news}\nnot an article` });
    expect(await problemOf(readAll(mindTopics, broken))).toMatch(/line that is no article/);
  });
});

const shared = sharedData('the real news of MIND');
describe.runIf(shared !== null)('mind-topics, the real news', () => {
  it('has 51,282 articles of 17 topics, three of them rare', async () => {
    const counts = countLabels(await readAll(mindTopics, shared ?? ''));
    expect(Object.values(counts).reduce((a, b) => a + b)).toBe(51_282);
    expect(Object.keys(counts)).toHaveLength(17);
    expect(counts).toMatchObject({ news: 15_774, kids: 17, middleeast: 2, northamerica: 1 });
  });
});
