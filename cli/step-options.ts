/** The flags that say how steps are run, with one meaning in every command that measures. */
import { type Command, Option } from 'commander';
import type { ExecutionChoice, Precision } from '../harness/backends/compile.js';
import type { BackendName } from '../harness/backends/names.js';
import { UsageError } from './errors.js';

export interface StepOptions {
  readonly execution: ExecutionChoice;
  readonly precision: Precision;
}

export function addStepOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--execution <how>', 'a step as one graph, op by op, or whichever pays (native backends)')
        .choices(['auto', 'graph', 'eager'])
        .default('auto'),
    )
    .addOption(
      new Option('--precision <type>', 'of matrix products; bfloat16 needs graphs')
        .choices(['float32', 'bfloat16'])
        .default('float32'),
    );
}

/** @throws UsageError when the backend cannot run steps that way */
export function checkStepOptions({ execution, precision }: StepOptions, backend: BackendName): StepOptions {
  const native = backend === 'tensorflow' || backend === 'tensorflow-gpu';
  if (execution === 'graph' && !native) {
    throw new UsageError(
      `--execution graph needs a native backend, not ${backend}; see \`formerbench doctor\``,
    );
  }
  if (precision !== 'float32' && (!native || execution === 'eager')) {
    throw new UsageError(`--precision ${precision} needs graphs: a native backend and no --execution eager`);
  }
  return { execution, precision };
}
