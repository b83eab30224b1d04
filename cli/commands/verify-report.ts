/** `formerbench verify-report FILE`: is every number of the page what its records say? */
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { messageOf } from '../../harness/errors.js';
import { readRecords } from '../../harness/read-records.js';
import type { RunRecord } from '../../harness/record.js';
import type { PageRecords } from '../../reports/page/records-bundle.js';
import type { Difference, Verification } from '../../reports/verify/index.js';
import { CliError, exitCodes } from '../errors.js';
import { print, printJson } from '../output.js';
import { collect } from '../values.js';

interface VerifyOptions {
  readonly records: readonly string[];
  readonly json: boolean;
}

export function addVerifyReportCommand(program: Command): void {
  program
    .command('verify-report')
    .description('compute every number of a report again from its records; exit code 1 where one differs')
    .argument('<file>', 'the page')
    .option(
      '--records <path>',
      'records to hold it against (default: those inside the page, and records/ beside it); repeatable',
      collect,
      [],
    )
    .option('--json', 'one JSON document on stdout', false)
    .action(verify);
}

async function verify(file: string, options: VerifyOptions): Promise<void> {
  const { recordsInside, verifyPage } = await import('../../reports/verify/index.js');
  const html = await readPage(file);
  const beside = await recordsBeside(file, options.records);
  const inside = readable(() => recordsInside(html), file);
  const content = inside ?? (beside === null ? null : { records: beside, generatedFrom: '', origins: null });
  if (content === null)
    throw new CliError(`${file} has no records inside and none beside it; name some with --records`);
  const forged = inside === null || beside === null ? null : differentRecord(inside, beside);
  const found = await verifyPage(html, content);
  const difference = forged ?? found.difference;
  if (options.json) printJson({ file, ...found, difference, verified: difference === null });
  else for (const line of describe(file, { ...found, difference })) print(line);
  if (difference !== null) process.exitCode = exitCodes.error;
}

async function readPage(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CliError(`cannot read ${file}: ${messageOf(error)}; give a page that formerbench wrote`);
  }
}

function readable(read: () => PageRecords | null, file: string): PageRecords | null {
  try {
    return read();
  } catch (error) {
    throw new CliError(`the records inside ${file} cannot be read: ${messageOf(error)}`);
  }
}

async function recordsBeside(file: string, given: readonly string[]): Promise<RunRecord[] | null> {
  if (given.length > 0) return readRecords(given);
  const folder = join(dirname(file), 'records');
  const found = await stat(folder).catch(() => null);
  return found?.isDirectory() === true ? readRecords([folder]) : null;
}

/** A record inside the page that is not what the file of its id says. Files without a partner are no difference. */
function differentRecord({ records }: PageRecords, beside: readonly RunRecord[]): Difference | null {
  for (const record of records) {
    const file = beside.find(
      ({ id, provenance }) => id === record.id && provenance.endedAt === record.provenance.endedAt,
    );
    if (file === undefined) continue;
    for (const key of Object.keys(record) as (keyof RunRecord)[]) {
      const [page, records] = [JSON.stringify(record[key]), JSON.stringify(file[key])];
      if (page !== records) return { place: `record ${record.id} › ${key}`, page, records };
    }
  }
  return null;
}

function describe(file: string, { difference, numbers, records, otherVersion }: Verification): string[] {
  const other =
    otherVersion === null
      ? []
      : [`written by ${otherVersion}: only numbers that stand at the same place of a table were compared`];
  if (difference === null)
    return [`${file}: all ${numbers} texts with numbers are what ${records} records give`, ...other];
  return [
    `${file} differs first at ${difference.place}`,
    `  the page:    ${difference.page ?? 'nothing'}`,
    `  its records: ${difference.records ?? 'nothing'}`,
    ...other,
  ];
}
