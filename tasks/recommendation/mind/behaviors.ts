/**
 * What users were shown and clicked: `behaviors.tsv`, an impression a line, tab-separated: id, user, time
 * (`11/12/2019 2:14:46 PM`), news clicked before (blanks between, oldest first, may be none), candidates (`N1-1 N2-0`:
 * clicked or not; in the hidden test part without `-1` and `-0`).
 */
import type { NewsTable } from './news.js';
import type { ProblemCounter } from './problems.js';

/** One page view: who saw which candidates, and what was clicked. News are rows of the news table. */
export interface Impression {
  readonly id: string;
  /** Seconds since 1970, as if the clock were UTC; null where the file has none. */
  readonly time: number | null;
  /** Clicked before, oldest first. */
  readonly history: Int32Array;
  readonly candidates: Int32Array;
  /** 1 = clicked, of each candidate; null in the hidden test part. */
  readonly labels: Uint8Array | null;
}

/** @param labelled - false for the hidden test part, all of whose candidates are kept in their order */
export async function readImpressions(
  lines: AsyncIterable<string>,
  news: NewsTable,
  labelled: boolean,
  problems: ProblemCounter,
): Promise<Impression[]> {
  const impressions: Impression[] = [];
  const ids = new Set<string>();
  for await (const line of lines) {
    if (line === '') continue;
    const impression = parseImpression(line, news, labelled, problems);
    if (impression === null) continue;
    if (ids.has(impression.id)) {
      problems.add('repeated impressions');
      continue;
    }
    ids.add(impression.id);
    impressions.push(impression);
  }
  return impressions;
}

function parseImpression(
  line: string,
  news: NewsTable,
  labelled: boolean,
  problems: ProblemCounter,
): Impression | null {
  const [id = '', user = '', clock = '', clicked = '', shown = ''] = line.split('\t');
  const names = words(shown);
  if (id === '' || user === '' || names.length === 0) {
    problems.add('impressions without an id, a user or candidates');
    return null;
  }
  const time = parseTime(clock);
  if (time === null) problems.add('impressions without a time');
  const history = Int32Array.from(
    words(clicked).flatMap((name) => {
      const row = news.rowOf.get(name);
      if (row === undefined) problems.add('clicked news that are unknown');
      return row ?? [];
    }),
  );
  const known = labelled
    ? labelledCandidates(names, news, problems)
    : { candidates: hiddenCandidates(names, news, problems), labels: null };
  return known === null ? null : { id, time, history, ...known };
}

const words = (text: string): string[] => text.split(' ').filter((word) => word !== '');

function labelledCandidates(
  names: readonly string[],
  news: NewsTable,
  problems: ProblemCounter,
): { candidates: Int32Array; labels: Uint8Array } | null {
  const candidates: number[] = [];
  const labels: number[] = [];
  for (const name of names) {
    const [, id = '', label] = /^(.*)-([01])$/.exec(name) ?? [];
    const row = news.rowOf.get(id);
    if (label === undefined) problems.add('candidates without a label');
    else if (row === undefined) problems.add('candidates that are unknown');
    else {
      candidates.push(row);
      labels.push(Number(label));
    }
  }
  if (!labels.includes(1) || !labels.includes(0)) {
    problems.add('impressions with all or no candidates clicked');
    return null;
  }
  return { candidates: Int32Array.from(candidates), labels: Uint8Array.from(labels) };
}

/** Unknown ones as "no news": a submission ranks every candidate. */
function hiddenCandidates(names: readonly string[], news: NewsTable, problems: ProblemCounter): Int32Array {
  return Int32Array.from(names, (name) => {
    const row = news.rowOf.get(name.replace(/-[01]$/, ''));
    if (row === undefined) problems.add('candidates that are unknown');
    return row ?? 0;
  });
}

const clockPattern = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d{2}):(\d{2}) (AM|PM)$/;

/** `11/12/2019 2:14:46 PM` in seconds since 1970; 12 AM is the first hour of the day. Null for anything else. */
export function parseTime(text: string): number | null {
  const [, month, day, year, hour, minute, second, half] = clockPattern.exec(text.trim()) ?? [];
  if (half === undefined) return null;
  const hours = (Number(hour) % 12) + (half === 'PM' ? 12 : 0);
  const [monthIndex, dayOfMonth] = [Number(month) - 1, Number(day)];
  const date = new Date(
    Date.UTC(Number(year), monthIndex, dayOfMonth, hours, Number(minute), Number(second)),
  );
  const isReal = date.getUTCMonth() === monthIndex && date.getUTCDate() === dayOfMonth && Number(hour) <= 12;
  return isReal ? date.getTime() / 1000 : null;
}
