/** What is wrong in the files of MIND, by kind: counted and kept in the record, never fatal. */

export const problemKinds = [
  /** A line of `news.tsv` without an id of the form N123, a topic or a title. */
  'news without an id, a topic or a title',
  /** The id was there before in the same file; the first one counts. */
  'repeated news',
  /** A line of `behaviors.tsv` without an id, a user or candidates. */
  'impressions without an id, a user or candidates',
  'repeated impressions',
  /** Not `11/12/2019 2:14:46 PM`. */
  'impressions without a time',
  /** Left out of the user's history. */
  'clicked news that are unknown',
  /** Left out; kept in the hidden test part, where every candidate must be ranked. */
  'candidates that are unknown',
  /** Neither `-0` nor `-1` in a part that has labels: left out. */
  'candidates without a label',
  /** AUC is not defined: left out. */
  'impressions with all or no candidates clicked',
] as const;
export type ProblemKind = (typeof problemKinds)[number];

export type Problems = Readonly<Partial<Record<ProblemKind, number>>>;

export interface ProblemCounter {
  add(kind: ProblemKind, times?: number): void;
  /** Only what was seen. */
  readonly counts: Problems;
}

export function createProblemCounter(): ProblemCounter {
  const counts: Partial<Record<ProblemKind, number>> = {};
  return {
    counts,
    add: (kind, times = 1) => {
      if (times > 0) counts[kind] = (counts[kind] ?? 0) + times;
    },
  };
}
