/**
 * The articles of MIND: `news.tsv`, a line each, tab-separated without quoting: id, topic, subtopic, title, abstract,
 * address, entities of title and abstract.
 */
import type { ProblemCounter } from './problems.js';

/** Row of "no news", which pads histories; articles start at 1. */
export const noNews = 0;

/** The articles of all parts, numbered in order of appearance. */
export interface NewsTable {
  /** By row; that of "no news" is empty. */
  readonly ids: string[];
  readonly topics: string[];
  readonly titles: string[];
  readonly rowOf: Map<string, number>;
}

export const createNewsTable = (): NewsTable => ({
  ids: [''],
  topics: [''],
  titles: [''],
  rowOf: new Map(),
});

/** Adds the articles of one part. Parts share most of theirs: what an earlier part has is left as it is. */
export async function addNews(
  table: NewsTable,
  lines: AsyncIterable<string>,
  problems: ProblemCounter,
): Promise<void> {
  const here = new Set<string>();
  for await (const line of lines) {
    if (line === '') continue;
    const [id = '', topic = '', , title = ''] = line.split('\t');
    if (!/^N\d+$/.test(id) || topic === '' || title === '') {
      problems.add('news without an id, a topic or a title');
      continue;
    }
    if (here.has(id)) problems.add('repeated news');
    here.add(id);
    if (table.rowOf.has(id)) continue;
    table.rowOf.set(id, table.ids.length);
    table.ids.push(id);
    table.topics.push(topic);
    table.titles.push(title);
  }
}
