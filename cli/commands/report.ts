/** `formerbench report RECORDS...`: the page of records, from any machine, without training anything. */
import { join } from 'node:path';
import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { readRecords } from '../../harness/read-records.js';
import { print, printJson } from '../output.js';
import { findings } from '../findings.js';
import { writeReport } from '../write-report.js';

interface ReportOptions {
  readonly out?: string;
  readonly json: boolean;
}

export function addReportCommand(program: Command): void {
  program
    .command('report')
    .description('rebuild the report from records, without training')
    .argument('<records...>', 'folders of results, folders of records, or record files')
    .option('--out <file>', 'the page (default: report.html in the folder of results, else here)')
    .option('--json', 'one JSON document on stdout', false)
    .action(rebuild);
}

async function rebuild(paths: string[], options: ReportOptions): Promise<void> {
  const records = await readRecords(paths);
  const file = options.out ?? (await defaultFile(paths));
  await writeReport(file, records, `${records.length} records`);
  if (options.json) {
    printJson({ report: file, records: records.length, ...(await findings(records)) });
  } else print(`${file} (from ${records.length} records)`);
}

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
