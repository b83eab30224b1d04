/** Records in, one HTML file out. A report knows records alone: it can be made again anywhere, years later. */
import type { RunRecord } from '../harness/record.js';
import type { Origins } from './origins.js';
import { renderPage } from './page/render.js';
import { type TableFile, tableFiles } from './page/table-files.js';
import { viewOf } from './page/view.js';
import { tables } from './paper/index.js';
import { currentRecords } from './summary/records.js';
import { summarize } from './summary.js';

export interface ReportOptions {
  /** Where the records came from, as the reader should see it: a folder's name, never a machine's path. */
  readonly generatedFrom: string;
  /** Of records that were merged: which came from where. */
  readonly origins?: Origins | null;
}

/**
 * The report as one self-contained HTML page. The same records give the same bytes, in whatever order they come:
 * dates are the records', not the clock's.
 */
export async function buildReport(records: readonly RunRecord[], options: ReportOptions): Promise<string> {
  return (await buildReportFiles(records, options)).page;
}

/** The page, and each of its tables as CSV, JSON, Markdown and LaTeX. */
export async function buildReportFiles(
  records: readonly RunRecord[],
  { generatedFrom, origins = null }: ReportOptions,
): Promise<{ readonly page: string; readonly tables: readonly TableFile[] }> {
  const current = currentRecords(records);
  const view = viewOf(summarize(current), tables, current, generatedFrom, origins);
  const page = await renderPage(view, { generatedFrom, origins, records: current });
  return { page, tables: tableFiles(view) };
}
