/** `formerbench doctor`: what trains where on this machine, and why. */
import type { Command } from 'commander';
import type { Diagnosis } from '../../harness/backends/diagnose.js';
import { CliError } from '../errors.js';
import { alignColumns, note, print, printJson } from '../output.js';

export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('check every backend: what trains here, how fast, and what to do to get faster')
    .option('--json', 'one JSON document on stdout', false)
    .action(async ({ json }: { json: boolean }) => {
      const { diagnoseBackends } = await import('../../harness/backends/diagnose.js');
      const backends = await diagnoseBackends((name) => {
        note(`checking ${name} ...`);
      });
      if (json) printJson({ backends });
      else for (const line of describe(backends)) print(line);
      assertUsable(backends);
    });
}

/** Lines for a person: a table, what failed, advice. */
export function describe(backends: readonly Diagnosis[]): string[] {
  const rows = backends.map((each) => [
    each.used ? '*' : ' ',
    each.name,
    verdict(each),
    speed(each),
    each.reason,
  ]);
  const failures = backends.flatMap(({ name, checks }) =>
    checks.filter(({ passed }) => !passed).map((check) => `${name}: ${check.name} failed: ${check.detail}`),
  );
  return [
    ...alignColumns([[' ', 'backend', 'trains', 'matMul', 'why'], ...rows]),
    '',
    '* what --backend auto uses',
    ...failures,
    ...advice(backends),
  ];
}

function verdict({ available, checks }: Diagnosis): string {
  if (!available) return 'not here';
  const failed = checks.filter(({ passed }) => !passed).length;
  return failed === 0 ? 'yes' : `no (${failed} of ${checks.length} checks failed)`;
}

const speed = ({ checks }: Diagnosis): string =>
  checks.find(({ name }) => name === 'matMul speed')?.detail.replace(/ at size.*/, '') ?? '';

function advice(backends: readonly Diagnosis[]): string[] {
  const usable = (name: string) => backends.some((each) => each.name === name && each.available);
  if (usable('tensorflow-gpu') || usable('tensorflow')) return [];
  return ['To train about five times faster: formerbench backend install (270 MB download, once).'];
}

/** The backend that `auto` takes must work, or every other command would fail later. */
function assertUsable(backends: readonly Diagnosis[]): void {
  const used = backends.find((each) => each.used);
  const failed = used?.checks.filter(({ passed }) => !passed) ?? [];
  if (used !== undefined && failed.length > 0) {
    throw new CliError(
      `the backend ${used.name} does not work here (${failed.map(({ name }) => name).join(', ')}); ` +
        'choose another with --backend, or install it again with: formerbench backend install',
    );
  }
}
