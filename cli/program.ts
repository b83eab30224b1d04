/** All commands as one program. */
import { Command } from 'commander';
import { packageVersion } from '../harness/provenance.js';
import { addAblateCommand } from './commands/ablate.js';
import { addBackendCommand } from './commands/backend.js';
import { addCompareCommand } from './commands/compare.js';
import { addCheckArchitectureCommand } from './commands/check-architecture.js';
import { addDataCommand } from './commands/data.js';
import { addDoctorCommand } from './commands/doctor.js';
import { addListCommand } from './commands/list.js';
import { addNewArchitectureCommand } from './commands/new-architecture.js';
import { addReportCommand } from './commands/report.js';
import { addReproduceCommand } from './commands/reproduce-paper-tables.js';
import { addRunCommand } from './commands/run.js';
import { addScoreCommand } from './commands/score.js';
import { addSpeedCommand } from './commands/speed.js';
import { addSubmissionCommand } from './commands/submission.js';
import { addTuneCommand } from './commands/tune.js';
import { addVerifyReportCommand } from './commands/verify-report.js';
import { addWorkerCommand } from './commands/worker.js';

const help = `
Examples:
  formerbench reproduce-paper-tables                    every table and figure, small, then results/report.html
  formerbench reproduce-paper-tables --only table-4 --datasets imdb --data my-data
  formerbench run --architecture fastformer --task classification --dataset brown
  formerbench speed --architectures transformer,fastformer --lengths 128,512,2048
  formerbench list datasets                             what is on this machine, and what stands in
  formerbench report results                            the same page again, without training

Exit codes: 0 done, 1 error, 2 wrong usage, 3 some cells failed, 4 a gate tripped, 130 interrupted (run again to resume).`;

export async function createProgram(): Promise<Command> {
  const program = new Command('formerbench')
    .description('Benchmark and comparison suite across efficient transformers')
    .version(await packageVersion())
    .option('--debug', 'show where an error comes from')
    .addHelpText('after', help)
    .showHelpAfterError('(--help shows what there is)')
    .exitOverride();
  addReproduceCommand(program);
  addRunCommand(program);
  addSpeedCommand(program);
  addAblateCommand(program);
  addTuneCommand(program);
  addListCommand(program);
  addReportCommand(program);
  addCompareCommand(program);
  addVerifyReportCommand(program);
  addNewArchitectureCommand(program);
  addCheckArchitectureCommand(program);
  addScoreCommand(program);
  addSubmissionCommand(program);
  addWorkerCommand(program);
  addDataCommand(program);
  addBackendCommand(program);
  addDoctorCommand(program);
  return program;
}
