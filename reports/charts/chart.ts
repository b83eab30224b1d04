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
  /** The numbers behind it: a header, then rows. */
  readonly table: { readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] };
}

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
    const svg = (await view.toSVG()).replace('<svg ', '<svg aria-hidden="true" focusable="false" ');
    return svg.replace(/<[^>]+>/g, shorter);
  } finally {
    view.finalize();
  }
}

/** Hundredths of a pixel are enough: a third of the text of a drawing is decimals, the last of which differ by machine. */
const shorter = (tag: string): string =>
  tag
    .replace(/\d+\.\d{3,}/g, (number) => String(Math.round(100 * Number(number)) / 100))
    // The page's own.
    .replace(` font-family="${font}"`, '');

/** The specification with the look of the page: also what the interactive version is given. */
export const withLook = (spec: TopLevelSpec): TopLevelSpec => ({ ...spec, config });
