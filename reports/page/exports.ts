/** A table as CSV, JSON, Markdown and LaTeX, as links that carry their file in themselves. */
import type { Grid, GridCell } from './grid.js';

export interface Download {
  readonly label: string;
  readonly file: string;
  /** A `data:` URI. */
  readonly href: string;
}

interface Flat {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function downloadsOf(grid: Grid): Download[] {
  const flat = flatten(grid);
  const files = [
    { label: 'CSV', extension: 'csv', type: 'text/csv', text: csv(flat) },
    { label: 'JSON', extension: 'json', type: 'application/json', text: json(flat) },
    { label: 'Markdown', extension: 'md', type: 'text/markdown', text: markdown(flat) },
    { label: 'LaTeX', extension: 'tex', type: 'text/x-tex', text: latex(flat) },
  ];
  return files.map(({ label, extension, type, text }) => ({
    label,
    file: `${grid.id}.${extension}`,
    href: `data:${type};charset=utf-8,${encodeURIComponent(text)}`,
  }));
}

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
  `${JSON.stringify(
    rows.map((row) => Object.fromEntries(header.map((name, i) => [name, row[i] ?? '']))),
    null,
    2,
  )}\n`;

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
