/** Small made-up archives of MIND. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packZip } from '../datasets/zips.js';
import { temporaryFolder } from '../datasets/archives.js';

export interface MindPartFiles {
  readonly news: readonly string[];
  readonly behaviors: readonly string[];
}

/** A data folder with these parts as zips, `behaviors.tsv` first, as the originals have it. */
export function mindFolder(parts: Readonly<Record<string, MindPartFiles>>): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'mind'));
  for (const [name, { news, behaviors }] of Object.entries(parts)) {
    const entries = [
      { name: 'behaviors.tsv', content: `${behaviors.join('\n')}\n` },
      { name: 'news.tsv', content: `${news.join('\n')}\n` },
    ];
    writeFileSync(join(folder, 'mind', `${name}.zip`), packZip(entries));
  }
  return folder;
}

export const newsLine = (id: string, topic: string, title: string): string =>
  [id, topic, 'sub', title, '', 'url', '[]', '[]'].join('\t');

export const impressionLine = (
  id: number | string,
  time: string,
  history: string,
  candidates: string,
): string => [id, `U${id}`, time, history, candidates].join('\t');

const topics = ['sports', 'health'] as const;

/** 40 articles of two topics, each with words of its topic. */
export const someNews: readonly string[] = Array.from({ length: 40 }, (_, i) => {
  const topic = topics[i % 2] ?? 'sports';
  return newsLine(`N${i + 1}`, topic, `${topic} ${topic === 'sports' ? 'ball goal' : 'diet sleep'} word${i}`);
});

/** Users who read one topic click it again, over four days. */
export function someImpressions(count: number, from = 1): string[] {
  return Array.from({ length: count }, (_, i) => {
    const own = i % 2;
    const pick = (k: number, topic: number) => `N${2 * ((i * 7 + k * 3) % 20) + 1 + topic}`;
    const day = 10 + Math.floor((4 * i) / count);
    const history = i % 9 === 0 ? '' : [1, 2, 3].map((k) => pick(k, own)).join(' ');
    const shown = [0, 1, 2, 3, 4].map((k) => `${pick(k + 4, k === 0 ? own : 1 - own)}-${k === 0 ? 1 : 0}`);
    return impressionLine(from + i, `11/${day}/2019 ${1 + (i % 12)}:05:09 PM`, history, shown.join(' '));
  });
}
