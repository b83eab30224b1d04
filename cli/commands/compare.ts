/** `formerbench compare BASE HEAD`: what became better, worse, neither, or cannot be told; exit code 4 by a gate. */
import { type Command, InvalidArgumentError } from 'commander';
import { messageOf } from '../../harness/errors.js';
import { readRecords } from '../../harness/read-records.js';
import type { Change, RecordsComparison, Uncompared } from '../../reports/comparison/contract.js';
import { type Gate, gateNames, type GateResult, judgeGate } from '../../reports/comparison/gates.js';
import { writeWhole } from '../../tasks/write-whole.js';
import { CliError, exitCodes } from '../errors.js';
import { alignColumns, note, print, printJson } from '../output.js';
import { sourceNames } from '../source-names.js';
import { parseList } from '../values.js';

interface CompareOptions {
  readonly out: string;
  readonly failOn: readonly Gate[];
  readonly json: boolean;
}

export function addCompareCommand(program: Command): void {
  program
    .command('compare')
    .description('differences between two sets of records, matched by what they measure')
    .argument('<base>', 'a folder of results, a folder of records, or a record')
    .argument('<head>', 'the same, of what is judged')
    .option('--out <file>', 'the page', 'comparison.html')
    .option(
      '--fail-on <gates>',
      'exit code 4 where one trips, for instance slower:5%,memory:1%,accuracy; a limit of accuracy is in points',
      parseGates,
      [],
    )
    .option('--json', 'one JSON document on stdout', false)
    .action(compare);
}

/** `slower:5%,memory,accuracy:0.5` */
export function parseGates(text: string): Gate[] {
  const gates = parseList(text).map(parseGate);
  const twice = gates.find(({ name }, index) => gates.findIndex((gate) => gate.name === name) !== index);
  if (twice !== undefined) throw new InvalidArgumentError(`${twice.name} is given twice.`);
  return gates;
}

function parseGate(text: string): Gate {
  const [, given = '', amount] = /^([^:]*)(?::(\d+(?:\.\d+)?)%?)?$/.exec(text) ?? [];
  const name = gateNames.find((gate) => gate === given);
  if (name === undefined)
    throw new InvalidArgumentError(
      `'${text}' is no gate; give ${gateNames.join(', ')}, each with a limit such as slower:5%.`,
    );
  return { name, limit: amount === undefined ? 0 : Number(amount) / 100 };
}

async function compare(base: string, head: string, options: CompareOptions): Promise<void> {
  const { compareRecords } = await import('../../reports/comparison/index.js');
  const comparison = compareRecords(await readRecords([base]), await readRecords([head]));
  const gates = options.failOn.map((gate) => judgeGate(gate, comparison));
  await writePage(options.out, comparison, gates, [base, head]);
  if (options.json) printJson({ base, head, page: options.out, ...comparison, gates });
  else for (const line of await describe(comparison, gates)) print(line);
  conclude(gates, options);
}

/** Where no gate had anything to look at, none has passed; one of several that had not is told. */
function conclude(gates: readonly GateResult[], { out, json }: CompareOptions): void {
  if (!json) print(`page: ${out}`);
  const blind = gates.filter(({ judged }) => judged === 0).map(({ name }) => name);
  const problem = `nothing to judge ${blind.join(', ')} by: no cell has such a result on both sides; measure the same cells with the same sizes, and speed on one machine`;
  if (gates.some(({ tripped }) => tripped)) process.exitCode = exitCodes.gateTripped;
  else if (blind.length > 0 && blind.length === gates.length) throw new CliError(problem);
  if (blind.length > 0) note(problem);
}

async function writePage(
  file: string,
  comparison: RecordsComparison,
  gates: readonly GateResult[],
  paths: readonly string[],
): Promise<void> {
  const { comparisonPage } = await import('../../reports/comparison/page.js');
  const [base = 'base', head = 'head'] = sourceNames(paths);
  try {
    await writeWhole(file, await comparisonPage(comparison, gates, { base, head }));
  } catch (error) {
    throw new CliError(`cannot write the page to ${file}: ${messageOf(error)}; give another with --out`);
  }
}

async function describe(comparison: RecordsComparison, gates: readonly GateResult[]): Promise<string[]> {
  const { answerOf } = await import('../../reports/comparison/page.js');
  const { gateText } = await import('../../reports/comparison/words.js');
  const lines = await Promise.all(comparison.changes.map(changeLine));
  return [
    ...alignColumns(lines),
    ...comparison.uncompared.map(uncomparedLine),
    ...answerOf(comparison),
    ...gates.map((gate) => `gate ${gate.tripped ? 'TRIPPED' : 'passed'}: ${gateText(gate)}`),
  ];
}

async function changeLine(change: Change): Promise<string[]> {
  const { changeText, intervalText, probabilityText, valueText } = await import(
    '../../reports/comparison/words.js'
  );
  const { cell, title, base, head, interval, verdict, n, p } = change;
  const range =
    interval === null ? '' : `(${intervalText(change)}${p === null ? '' : `, ${probabilityText(change)}`})`;
  const values = `${valueText(base, change)} -> ${valueText(head, change)}`;
  return [verdict, cell, title, values, changeText(change), range, `n = ${n}`];
}

const uncomparedLine = ({ cell, kind, reason }: Uncompared): string => `${kind}: ${cell} (${reason})`;
