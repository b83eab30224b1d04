/** All commands as one program. */
import { Command } from 'commander';
import { packageVersion } from '../harness/provenance.js';

/** In the order of the help. The modules of all commands together take longer to load than a small command to run. */
const loaders: ReadonlyMap<string, () => Promise<(program: Command) => void>> = new Map([
  [
    'reproduce-paper-tables',
    async () => (await import('./commands/reproduce-paper-tables.js')).addReproduceCommand,
  ],
  ['run', async () => (await import('./commands/run.js')).addRunCommand],
  ['speed', async () => (await import('./commands/speed.js')).addSpeedCommand],
  ['ablate', async () => (await import('./commands/ablate.js')).addAblateCommand],
  ['tune', async () => (await import('./commands/tune.js')).addTuneCommand],
  ['list', async () => (await import('./commands/list.js')).addListCommand],
  ['report', async () => (await import('./commands/report.js')).addReportCommand],
  ['compare', async () => (await import('./commands/compare.js')).addCompareCommand],
  ['verify-report', async () => (await import('./commands/verify-report.js')).addVerifyReportCommand],
  [
    'new-architecture',
    async () => (await import('./commands/new-architecture.js')).addNewArchitectureCommand,
  ],
  [
    'check-architecture',
    async () => (await import('./commands/check-architecture.js')).addCheckArchitectureCommand,
  ],
  ['score', async () => (await import('./commands/score.js')).addScoreCommand],
  ['submission', async () => (await import('./commands/submission.js')).addSubmissionCommand],
  ['worker', async () => (await import('./commands/worker.js')).addWorkerCommand],
  ['data', async () => (await import('./commands/data.js')).addDataCommand],
  ['backend', async () => (await import('./commands/backend.js')).addBackendCommand],
  ['doctor', async () => (await import('./commands/doctor.js')).addDoctorCommand],
]);

const help = `
Examples:
  formerbench reproduce-paper-tables                    every table and figure, small, then results/report.html
  formerbench reproduce-paper-tables --only table-4 --datasets imdb --data my-data
  formerbench run --architecture fastformer --task classification --dataset brown
  formerbench speed --architectures transformer,fastformer --lengths 128,512,2048
  formerbench list datasets                             what is on this machine, and what stands in
  formerbench report results                            the same page again, without training

Exit codes: 0 done, 1 error, 2 wrong usage, 3 some cells failed, 4 a gate tripped, 130 interrupted (run again to resume).`;

/** @param words - of the command line: where they ask for one command, only that is loaded */
export async function createProgram(words: readonly string[] = []): Promise<Command> {
  const program = new Command('formerbench')
    .description('Benchmark and comparison suite across efficient transformers')
    .version(await packageVersion())
    .option('--debug', 'show where an error comes from')
    .addHelpText('after', help)
    .showHelpAfterError('(--help shows what there is)')
    // Most often a list was written with blanks, `--datasets a.csv b.csv`.
    .configureOutput({
      outputError: (text, write) => {
        write(text.replace(/^error: too many arguments.*/, '$& Values of a list are separated by commas.'));
      },
    })
    .exitOverride();
  for (const add of await Promise.all(loadersFor(words).map((load) => load()))) add(program);
  return program;
}

/** All of them where help, a suggestion or an error is wanted, none for the version. */
function loadersFor(words: readonly string[]) {
  const command = words.find((word) => !word.startsWith('-'));
  const asked = command === undefined ? undefined : loaders.get(command);
  if (asked !== undefined) return [asked];
  return command === undefined && words.includes('--version') ? [] : [...loaders.values()];
}
