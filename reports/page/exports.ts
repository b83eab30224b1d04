/** A table as CSV, JSON, Markdown and LaTeX, as links that carry their file in themselves. */
import type { Grid, GridCell } from './grid.js';

export interface Download {
  readonly label: string;
  readonly file: string;
  /** A `data:` URI. */
  readonly href: string;
}

/** A table without groups. */
export interface Flat {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export const downloadsOf = (grid: Grid): Download[] => downloadsOfFlat(grid.id, flatten(grid));

export const downloadsOfFlat = (id: string, flat: Flat): Download[] =>
  filesOf(id, flat).map(({ label, file, type, text }) => ({
    label,
    file,
    href: `data:${type};charset=utf-8,${encodeText(text)}`,
  }));

/** A file to write beside the page. */
export interface TableFile {
  readonly label: string;
  readonly file: string;
  readonly type: string;
  readonly text: string;
}

export const filesOf = (id: string, flat: Flat): TableFile[] => [
  { label: 'CSV', file: `${id}.csv`, type: 'text/csv', text: csv(flat) },
  { label: 'JSON', file: `${id}.json`, type: 'application/json', text: json(flat) },
  { label: 'Markdown', file: `${id}.md`, type: 'text/markdown', text: markdown(withoutRecords(flat)) },
  { label: 'LaTeX', file: `${id}.tex`, type: 'text/x-tex', text: latex(withoutRecords(flat)) },
];

/** For what is read by people: ids of records are for programs. */
function withoutRecords({ header, rows }: Flat): Flat {
  const at = header.indexOf('Records');
  return at < 0
    ? { header, rows }
    : { header: header.toSpliced(at, 1), rows: rows.map((row) => row.toSpliced(at, 1)) };
}

/** Only what an address or its attribute would read otherwise: all of it escaped would be half as long again. */
const encodeText = (text: string): string =>
  text.replace(/[%#"'`<>&=\s]/g, (sign) =>
    sign === ' ' ? sign : encodeURIComponent(sign).replace("'", '%27'),
  );

/** One header line, one line a row; groups become a first column. */
export function flatten(grid: Grid): Flat {
  const grouped = grid.groups.some(({ title }) => title !== null);
  const columns = grid.columns.flatMap(({ title, columns: own }) =>
    own.map((column) => `${title}: ${column}`),
  );
  return {
    header: [...(grouped ? ['Group'] : []), grid.corner, ...columns, 'Records'],
    rows: grid.groups.flatMap(({ title, rows }) =>
      rows.map(({ header, cells, records }) => [
        ...(grouped ? [title ?? ''] : []),
        header,
        ...cells.map(cellText),
        records.join(' '),
      ]),
    ),
  };
}

function cellText({ text, note, chip }: GridCell): string {
  const verdict = chip === undefined || chip.word === text ? '' : chip.word;
  const aside = [verdict, note ?? ''].filter((part) => part !== '').join(', ');
  return aside === '' ? text : `${text} (${aside})`;
}

/** RFC 4180. A leading = + - @ gets an apostrophe, so that a spreadsheet does not run it as a formula. */
const csv = ({ header, rows }: Flat): string =>
  [header, ...rows]
    .map((row) =>
      row.map((cell) => `"${cell.replace(/^[=+\-@\t\r]/, "'$&").replaceAll('"', '""')}"`).join(','),
    )
    .join('\r\n')
    .concat('\r\n');

const json = ({ header, rows }: Flat): string =>
  `[\n${rows.map((row) => JSON.stringify(Object.fromEntries(header.map((name, i) => [name, row[i] ?? ''])))).join(',\n')}\n]\n`;

function markdown({ header, rows }: Flat): string {
  const line = (row: readonly string[]) =>
    `| ${row.map((cell) => cell.replace(/[\\|]/g, '\\$&').replace(/\s+/g, ' ')).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n').concat('\n');
}

const latexEscapes: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '±': '$\\pm$',
  '×': '$\\times$',
  '−': '$-$',
  '–': '--',
  '—': '---',
  '’': "'",
};

function latex({ header, rows }: Flat): string {
  const escape = (cell: string) =>
    cell.replace(/[\\~^±×−–—’{}$&#_%]/g, (sign) => latexEscapes[sign] ?? `\\${sign}`).replace(/\s+/g, ' ');
  const line = (row: readonly string[]) => `${row.map(escape).join(' & ')} \\\\`;
  return [
    `\\begin{tabular}{${'l'.repeat(header.length)}}`,
    '\\hline',
    line(header),
    '\\hline',
    ...rows.map(line),
    '\\hline',
    '\\end{tabular}',
    '',
  ].join('\n');
}
