/** `formerbench check-architecture NAME|FILE`: the conformance kit on one architecture, built in or of your own. */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { Option } from 'commander';
import type { Architecture } from '../../architectures/contract.js';
import { architectures } from '../../architectures/index.js';
import { resolveBackend, startBackend } from '../../harness/backends/index.js';
import type { Check } from '../../harness/conformance/check.js';
import { readGolden } from '../../harness/conformance/golden.js';
import { checkArchitecture } from '../../harness/conformance/kit.js';
import { loadPlugins } from '../../harness/plugins.js';
import { backendChoices, type BackendChoice } from '../common-options.js';
import { exitCodes, UsageError } from '../errors.js';
import { alignColumns, note, print, printJson } from '../output.js';
import { findByName } from '../suggest.js';

interface CheckOptions {
  readonly golden?: string;
  readonly backend: BackendChoice;
  readonly json: boolean;
}

export function addCheckArchitectureCommand(program: Command): void {
  program
    .command('check-architecture')
    .description(
      'check that an architecture keeps its promises: shapes, masks, gradients, costs, golden vectors',
    )
    .argument('<name>', 'a built-in architecture, or a .ts or .js file whose default export is one')
    .option('--golden <path>', 'golden vectors to agree with: a file, or a folder of them')
    .addOption(new Option('--backend <name>', 'what computes').choices(backendChoices).default('auto'))
    .option('--json', 'one JSON document on stdout', false)
    .action(check);
}

async function check(name: string, options: CheckOptions): Promise<void> {
  const architecture = await findArchitecture(name);
  const golden = options.golden === undefined ? [] : await goldenVectors(options.golden);
  const backend = await startBackend(await resolveBackend(options.backend));
  note(`checking ${architecture.name} on ${backend.name}`);
  const checks = checkArchitecture(architecture, golden);
  const passed = checks.every((each) => each.passed);
  if (options.json) printJson({ name: architecture.name, backend: backend.name, passed, checks });
  else for (const line of table(checks)) print(line);
  process.exitCode = passed ? exitCodes.done : exitCodes.error;
}

async function findArchitecture(name: string): Promise<Architecture> {
  if (!existsSync(name)) return findByName('architecture', name, architectures);
  const [plugin] = await loadPlugins([name]);
  if (plugin === undefined) throw new UsageError(`${name} holds no architecture`);
  return plugin.architecture;
}

async function goldenVectors(path: string) {
  if (!existsSync(path))
    throw new UsageError(`--golden ${path} does not exist; give a .json file or a folder of them`);
  return readGolden(path);
}

function table(checks: readonly Check[]): string[] {
  const rows = checks.map(({ name, passed, measured, allowed, detail }) => [
    passed ? 'passed' : 'FAILED',
    name,
    `${number(measured)} of ${number(allowed)} allowed`,
    detail,
  ]);
  const failures = checks.filter(({ passed }) => !passed).length;
  return [...alignColumns(rows), `${checks.length - failures} passed, ${failures} failed`];
}

const number = (value: number): string => (Number.isInteger(value) ? String(value) : value.toPrecision(2));
