/** A table as the page shows it and the downloads hold it: columns in groups, rows in groups, cells that are text. */
import type { Judgement, Verdict } from '../summary/contract.js';

export interface GridCell {
  readonly text: string;
  /** Smaller, below: an interval, a reason. */
  readonly note?: string;
  /** Ids of the records that the number was computed from; not of what the paper prints. */
  readonly records?: readonly string[];
  /** A verdict is shown as a mark with its word; after the text, where that says something else. */
  readonly chip?: Chip;
}

export interface Chip {
  readonly symbol: string;
  readonly word: string;
  /** For the style sheet. */
  readonly tone: 'good' | 'bad' | 'open' | 'none';
}

export interface GridRow {
  readonly header: string;
  readonly cells: readonly GridCell[];
  /** What the row's numbers were computed from, all together. */
  readonly records: readonly string[];
}

export interface Grid {
  readonly id: string;
  readonly caption: string;
  /** Title of the first column. */
  readonly corner: string;
  /** Whether cells are sentences, which wrap, and not numbers. */
  readonly prose?: boolean;
  readonly columns: readonly {
    readonly title: string;
    readonly columns: readonly string[];
    /** Which metric they show, where they show one: readers may leave it out. */
    readonly metric?: string;
  }[];
  readonly groups: readonly {
    readonly title: string | null;
    readonly rows: readonly GridRow[];
    /** Of the sequences that its rows are about, in tokens. */
    readonly length?: number;
  }[];
}

const chips: Readonly<Record<Verdict | Judgement, Chip>> = {
  matches: { symbol: '✓', word: 'matches', tone: 'good' },
  differs: { symbol: '≠', word: 'differs', tone: 'bad' },
  'not comparable': { symbol: '○', word: 'not comparable', tone: 'open' },
  'not run': { symbol: '–', word: 'not run', tone: 'none' },
  supported: { symbol: '✓', word: 'supported', tone: 'good' },
  contradicted: { symbol: '✗', word: 'contradicted', tone: 'bad' },
  inconclusive: { symbol: '?', word: 'inconclusive', tone: 'open' },
};

export const chipOf = (verdict: Verdict | Judgement): Chip => chips[verdict];

export const textCell = (text: string, note?: string): GridCell =>
  note === undefined ? { text } : { text, note };
export const emptyCell: GridCell = { text: '—' };

/** A cell with the records that its number was computed from. */
export const measuredCell = (cell: GridCell, records: readonly { readonly id: string }[]): GridCell =>
  sourcedCell(
    cell,
    records.map(({ id }) => id),
  );

/** The same, by ids. What is empty has no source. */
export const sourcedCell = (cell: GridCell, records: readonly string[]): GridCell =>
  cell === emptyCell || records.length === 0 ? cell : { ...cell, records };
