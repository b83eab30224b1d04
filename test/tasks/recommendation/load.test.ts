import { describe, expect, it } from 'vitest';
import { DatasetMissing } from '../../../tasks/datasets/missing.js';
import { mindEditions } from '../../../tasks/datasets/mind.js';
import { loadHidden, loadRecommendation } from '../../../tasks/recommendation/load.js';
import { parseTime } from '../../../tasks/recommendation/mind/behaviors.js';
import { impressionLine, mindFolder, newsLine, someImpressions, someNews } from './mind-files.js';

const small = mindEditions.find(({ name }) => name === 'mind-small')!;
const large = mindEditions.find(({ name }) => name === 'mind-large')!;
const all = { train: null, validation: null, test: null };

const load = (folder: string, counts: typeof all | { train: number; validation: null; test: number } = all) =>
  loadRecommendation({ edition: small, folders: [folder], counts, vocabulary: 100, titleLength: 3 });

describe('reading MIND', () => {
  it('numbers news, titles and topics; row 0 is no news', async () => {
    const folder = mindFolder({ MINDsmall_train: { news: someNews, behaviors: someImpressions(40) } });
    const { news, vocabulary, problems } = await load(folder);
    expect(news.ids.slice(0, 3)).toEqual(['', 'N1', 'N2']);
    expect(news.topics).toEqual(['health', 'sports']);
    expect([...news.topicOf.slice(0, 3)]).toEqual([0, 2, 1]);
    const words = [...news.titles.subarray(3, 6)].map((id) => vocabulary.words[id]);
    expect(words).toEqual(['sports', 'ball', 'goal']);
    expect([...news.titles.subarray(0, 3)]).toEqual([0, 0, 0]);
    expect(problems).toEqual({});
  });

  it('counts what is wrong by kind and goes on', async () => {
    const noon = '11/10/2019 12:00:00 PM';
    const news = [
      ...someNews,
      newsLine('N1', 'sports', 'again'),
      newsLine('', 'sports', 'no id'),
      newsLine('N99', 'sports', ''),
    ];
    const behaviors = [
      ...someImpressions(40),
      impressionLine(1, noon, '', 'N1-1 N2-0'),
      impressionLine(100, 'yesterday', 'N1 N777', 'N1-1 N888-0 N2-0 N3'),
      impressionLine(101, noon, 'N1', 'N1-1 N2-1'),
      impressionLine(102, noon, 'N1', 'N1-0 N2-0'),
      impressionLine(103, noon, 'N1', ''),
      'not an impression',
    ];
    const data = await load(mindFolder({ MINDsmall_train: { news, behaviors } }));
    expect(data.problems).toEqual({
      'news without an id, a topic or a title': 2,
      'repeated news': 1,
      'repeated impressions': 1,
      'impressions without a time': 1,
      'clicked news that are unknown': 1,
      'candidates that are unknown': 1,
      'candidates without a label': 1,
      'impressions with all or no candidates clicked': 2,
      'impressions without an id, a user or candidates': 2,
    });
    const mended = data.train.find(({ id }) => id === '100')!;
    expect([...mended.history]).toEqual([1]);
    expect([...mended.candidates]).toEqual([1, 2]);
    expect([...mended.labels!]).toEqual([1, 0]);
  });

  it('scores the last day where the dev part is not here, and trains on nothing after it starts', async () => {
    const data = await load(
      mindFolder({ MINDsmall_train: { news: someNews, behaviors: someImpressions(80) } }),
    );
    const lastDay = Date.UTC(2019, 10, 13) / 1000;
    expect(data.test.every(({ time }) => time! >= lastDay)).toBe(true);
    expect([...data.train, ...data.validation].every(({ time }) => time! < lastDay)).toBe(true);
    const latest = Math.max(...data.train.map(({ time }) => time!));
    expect(data.validation.every(({ time }) => time! >= latest)).toBe(true);
    expect([data.train.length, data.validation.length, data.test.length]).toEqual([54, 6, 20]);
    expect(data.splitRule).toContain('2019-11-13');
  });

  it('scores the dev part where it is here, and keeps users without a history', async () => {
    const folder = mindFolder({
      MINDsmall_train: { news: someNews, behaviors: someImpressions(20) },
      MINDsmall_dev: {
        news: [...someNews, newsLine('N500', 'news', 'late')],
        behaviors: someImpressions(9, 500),
      },
    });
    const data = await load(folder);
    expect(data.test.map(({ id }) => id)).toEqual([
      '500',
      '501',
      '502',
      '503',
      '504',
      '505',
      '506',
      '507',
      '508',
    ]);
    expect(data.test[0]!.history).toHaveLength(0);
    expect(data.news.topics).toEqual(['health', 'news', 'sports']);
  });

  it('a smaller sample is a part of a larger one', async () => {
    const folder = mindFolder({ MINDsmall_train: { news: someNews, behaviors: someImpressions(80) } });
    const ids = async (count: number) =>
      (await load(folder, { train: count, validation: null, test: 5 })).train.map(({ id }) => id);
    const [few, many] = [await ids(10), await ids(20)];
    expect(few).toHaveLength(10);
    expect(many).toEqual(expect.arrayContaining(few));
  });

  it('keeps every candidate of the hidden test part, in order, unknown ones too', async () => {
    const folder = mindFolder({
      MINDlarge_train: { news: someNews, behaviors: someImpressions(40) },
      MINDlarge_test: {
        news: [newsLine('N900', 'health', 'new one')],
        behaviors: [impressionLine(7, '11/20/2019 1:00:00 AM', 'N2', 'N1 N12345 N900')],
      },
    });
    const request = { edition: large, folders: [folder], counts: all, vocabulary: 100, titleLength: 3 };
    const { news } = await loadRecommendation(request);
    const [hidden] = await loadHidden(request, news);
    expect([...hidden!.candidates].map((row) => news.ids[row])).toEqual(['N1', '', 'N900']);
    expect(hidden!.labels).toBeNull();
  });

  it('says what is missing and where to get it', async () => {
    await expect(load('/nowhere')).rejects.toThrow(DatasetMissing);
    await expect(load('/nowhere')).rejects.toThrow(/MINDsmall_train\.zip.*--data/);
  });

  it('refuses a part without impressions by name', async () => {
    const folder = mindFolder({ MINDsmall_train: { news: someNews, behaviors: [] } });
    await expect(load(folder)).rejects.toThrow(/too small/);
  });
});

describe('times of twelve hours', () => {
  it.each([
    ['11/12/2019 2:14:46 PM', Date.UTC(2019, 10, 12, 14, 14, 46)],
    ['11/12/2019 12:00:01 AM', Date.UTC(2019, 10, 12, 0, 0, 1)],
    ['11/9/2019 12:30:00 PM', Date.UTC(2019, 10, 9, 12, 30, 0)],
  ])('%s', (text, milliseconds) => {
    expect(parseTime(text)).toBe(milliseconds / 1000);
  });

  it.each(['', '2019-11-12', '11/31/2019 1:00:00 PM', '13/1/2019 1:00:00 PM', '11/12/2019 14:00:00 PM'])(
    '%s is none',
    (text) => {
      expect(parseTime(text)).toBeNull();
    },
  );
});
