/**
 * What a chart is, and how a Vega-Lite specification becomes SVG when the report is built.
 *
 * Colours of text and lines are CSS variables of the page, so that one SVG serves light, dark and print.
 */
import * as vega from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';

/** Fields of a chart's data that are divided by, or lessened by, the first of them in the row of the baseline. */
export interface RelativeQuantity {
  readonly fields: readonly string[];
  /** Fields that the row of the baseline has in common. */
  readonly within: readonly string[];
  readonly as: 'ratio' | 'difference';
}

/** A chart before it is drawn. */
export interface Chart {
  readonly id: string;
  readonly title: string;
  /** For someone who can't see it: what is on the axes and what stands out. */
  readonly description: string;
  /** What a hasty reader would get wrong. */
  readonly misleads: string;
  /** How it is restated relative to a row that the reader picks; what is not named stays as it is. */
  readonly relative: readonly RelativeQuantity[];
  /** Title of the row that it is relative to as drawn. */
  readonly reference?: string;
  readonly spec: TopLevelSpec;
  readonly table: ChartTable;
}

/** The numbers behind a chart: a header, then rows. */
export interface ChartTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** The column of the number that is drawn, and the ids of its records by row. */
  readonly drawn?: { readonly column: number; readonly records: readonly (readonly string[])[] };
}

/** Ids of the records of the row with a title. */
export const recordsOfRow = (
  rows: readonly { readonly title: string; readonly records: readonly { readonly id: string }[] }[],
  title: string,
): string[] => rows.find((row) => row.title === title)?.records.map(({ id }) => id) ?? [];

export const isChart = (chart: Chart | null): chart is Chart => chart !== null;

const ink = 'var(--ink)';
const muted = 'var(--muted)';
const line = 'var(--line)';

const font = 'system-ui, sans-serif';

/** The look of every chart. */
const config = {
  background: 'transparent',
  font,
  aria: false,
  view: { stroke: null },
  axis: {
    labelColor: muted,
    titleColor: muted,
    gridColor: line,
    domainColor: line,
    tickColor: line,
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: 'normal' as const,
    titlePadding: 10,
    labelPadding: 5,
  },
  legend: {
    labelColor: ink,
    titleColor: muted,
    labelFontSize: 12,
    symbolSize: 90,
    orient: 'top' as const,
    title: null,
    columns: 6,
    columnPadding: 18,
    offset: 14,
  },
  header: { labelColor: ink, titleColor: muted, labelFontSize: 13, labelFontWeight: 'bold' as const },
  text: { fill: ink, fontSize: 12 },
  title: { color: ink },
};

/** Draws a chart. The same specification gives the same text. */
export async function drawSvg(spec: TopLevelSpec): Promise<string> {
  const view = new vega.View(vega.parse(compile(withLook(spec)).spec), { renderer: 'none' });
  try {
    const svg = (await view.toSVG()).replace(undrawn, '').replace(/<[^>]+>/g, shorter);
    return svg.replace('<svg ', '<svg aria-hidden="true" focusable="false" ');
  } finally {
    view.finalize();
  }
}

/** Paths of no size, which Vega draws round and over each group of marks. */
const undrawn = /<path [^>]*d="(?:M0,0h0v0h0Z)?"[^>]*\/>/g;

/** A third of a drawing's text would be decimals, a fourth what holds anyway or what nobody reads. */
const shorter = (tag: string): string =>
  tag
    // Hundredths of a pixel are enough; later digits differ by machine.
    .replace(/\d+\.\d{3,}/g, (number) => String(Math.round(100 * Number(number)) / 100))
    .replace(/ (?:opacity|stroke-width)="1"/g, '')
    // The drawing is hidden from screen readers, which have its table, and is replaced before it is pointed at.
    .replace(/ (?:role|aria-[a-z]+|pointer-events)="[^"]*"/g, '')
    // The page's own.
    .replace(` font-family="${font}"`, '');

/** The specification with the look of the page: also what the interactive version is given. */
export const withLook = (spec: TopLevelSpec): TopLevelSpec => ({ ...spec, config });
