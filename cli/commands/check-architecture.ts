/** `formerbench check-architecture NAME|FILE`: the conformance kit on one architecture, built in or of your own. */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { Option } from 'commander';
import type { Architecture } from '../../architectures/contract.js';
import { architectures } from '../../architectures/index.js';
import { resolveBackend, startBackend } from '../../harness/backends/index.js';
import type { Check } from '../../harness/conformance/check.js';
import { readGolden } from '../../harness/conformance/golden-file.js';
import type { Golden } from '../../harness/conformance/golden-file.js';
import { checkArchitecture } from '../../harness/conformance/kit.js';
import { preset } from '../../harness/conformance/preset.js';
import { messageOf } from '../../harness/errors.js';
import { loadPlugins } from '../../harness/plugins.js';
import { backendChoices, type BackendChoice } from '../common-options.js';
import { exitCodes, UsageError } from '../errors.js';
import { alignColumns, note, print, printJson } from '../output.js';
import { parseOptions } from '../schema-options.js';
import { findByName } from '../suggest.js';
import { parsePair } from '../values.js';

interface CheckOptions {
  readonly golden?: string;
  readonly option: Readonly<Record<string, string>>;
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
    .option('--option <name=value>', 'check with this option; repeatable', parsePair, {})
    .addOption(new Option('--backend <name>', 'what computes').choices(backendChoices).default('auto'))
    .option('--json', 'one JSON document on stdout', false)
    .action(check);
}

async function check(name: string, options: CheckOptions): Promise<void> {
  const architecture = withOptions(await findArchitecture(name), options.option);
  const golden = options.golden === undefined ? [] : await goldenVectors(options.golden);
  const backend = await startBackend(await resolveBackend(options.backend));
  note(`checking ${architecture.name} on ${backend.name}`);
  const checks = await checkArchitecture(architecture, golden);
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

function withOptions(architecture: Architecture, given: Readonly<Record<string, string>>): Architecture {
  const parsed = parseOptions(architecture.options, given, `architecture ${architecture.name}`);
  const chosen = Object.keys(given).map((option) => [option, parsed[option]]);
  return preset(architecture, Object.fromEntries(chosen) as Record<string, unknown>);
}

async function goldenVectors(path: string): Promise<Golden[]> {
  if (!existsSync(path))
    throw new UsageError(`--golden ${path} does not exist; give a .json file or a folder of them`);
  try {
    return await readGolden(path);
  } catch (error) {
    throw new UsageError(`--golden ${path}: ${messageOf(error)}`);
  }
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
