/** `formerbench report RECORDS...`: the page of records, from any machine, without training anything. */
import { join } from 'node:path';
import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { readRecords, readRecordsApart } from '../../harness/read-records.js';
import type { RunRecord } from '../../harness/record.js';
import type { Origins } from '../../reports/origins.js';
import { note, print, printJson } from '../output.js';
import { findings } from '../findings.js';
import { sourceNames } from '../source-names.js';
import { openInBrowser } from '../open-file.js';
import { tablesFolder, writeReport } from '../write-report.js';

interface ReportOptions {
  readonly out?: string;
  readonly open: boolean;
  readonly json: boolean;
}

export function addReportCommand(program: Command): void {
  program
    .command('report')
    .description('rebuild the report from records, without training')
    .argument('<records...>', 'folders of results, folders of records, or record files')
    .option('--out <file>', 'the page (default: report.html in the folder of results, else here)')
    .option('--open', 'show it in the browser of this machine', false)
    .option('--json', 'one JSON document on stdout', false)
    .action(rebuild);
}

async function rebuild(paths: string[], options: ReportOptions): Promise<void> {
  const { records, origins } = await mergedRecords(paths);
  const file = options.out ?? (await defaultFile(paths));
  await writeReport(file, records, `${records.length} records`, origins);
  if (options.json) {
    printJson({ report: file, records: records.length, ...(await findings(records)) });
  } else print(`${file} (from ${records.length} records; its tables are in ${tablesFolder(file)})`);
  if (options.open) await openInBrowser(file);
}

/** Where they come from is told when there are several places. */
async function mergedRecords(
  paths: readonly string[],
): Promise<{ records: readonly RunRecord[]; origins: Origins | null }> {
  if (paths.length < 2) return { records: await readRecords(paths), origins: null };
  const { mergeSources } = await import('../../reports/origins.js');
  const apart = await readRecordsApart(paths);
  const names = sourceNames(paths);
  const merged = mergeSources(apart.map((records, index) => ({ name: names[index] ?? '', records })));
  for (const line of leftOutLines(merged.origins)) note(line);
  return merged;
}

const leftOutLines = ({ leftOut }: Origins): string[] =>
  leftOut.length === 0
    ? []
    : [
        `${leftOut.length} of the records are of cells that another run measured too, and stand aside: the run that ended last counts`,
      ];

/** Beside the records of one folder of results; of anything else, in the current folder. */
async function defaultFile(paths: readonly string[]): Promise<string> {
  const [only] = paths;
  if (only === undefined || paths.length > 1) return 'report.html';
  const isResults = await stat(join(only, 'records')).then(
    (info) => info.isDirectory(),
    () => false,
  );
  return isResults ? join(only, 'report.html') : 'report.html';
}
