/** `--profile`: the hottest operations of speed cells, in place of their measurement. Nothing is recorded. */
import { describeCell, type SpeedCell } from '../harness/cell.js';
import type { Job } from '../harness/plan.js';
import type { Profile } from '../harness/profile/profile.js';
import { runProfile } from '../harness/profile/run-profile.js';
import { bytes, percent, seconds, thousands } from '../reports/format.js';
import { type MeasuringOptions, planLimits } from './common-options.js';
import { exitCodes, UsageError } from './errors.js';
import { catchInterrupts } from './interrupt.js';
import { alignColumns, note, print, printJson } from './output.js';

/** What `--json` prints of a cell beside its profile, if it has one. */
const describe = ({ architecture, options, mode, encoder: { length }, batch }: SpeedCell) => ({
  ...{ architecture, options, mode, length, batch },
});

/**
 * Profiles one job after the other, each in a process of its own.
 *
 * @throws UsageError for a cell of another task, or on a GPU, whose kernels end when nobody looks
 */
export async function profileJobs(
  jobs: readonly Job[],
  options: MeasuringOptions,
  pluginFiles: readonly string[],
): Promise<void> {
  const cells = jobs.map((job) => ({ job, cell: speedCellOf(job) }));
  const interrupt = catchInterrupts();
  const profiles: object[] = [];
  for (const { job, cell } of cells) {
    note(`profiling ${describeCell(cell)}`);
    const request = { cell, dataFolders: [], plugins: [...pluginFiles] };
    const { profile, failure } = await runProfile(request, planLimits(options).limits(job), interrupt.signal);
    if (interrupt.signal.aborted) break;
    profiles.push({ ...describe(cell), ...profile, failure });
    if (failure !== null) {
      note(`FAILED, ${failure.kind}: ${failure.message}`);
      process.exitCode = exitCodes.cellsFailed;
    }
    if (profile !== null && !options.json) for (const line of describeProfile(cell, profile)) print(line);
  }
  interrupt.release();
  if (interrupt.signal.aborted) process.exitCode = exitCodes.interrupted;
  if (options.json) printJson({ profiles });
}

function speedCellOf({ cell }: Job): SpeedCell {
  if (cell.kind !== 'speed') throw new UsageError('--profile needs --task speed');
  if (cell.backend === 'tensorflow-gpu')
    throw new UsageError('--profile cannot look into a GPU; use --backend tensorflow or wasm');
  return cell;
}

/** Lines of the table; the rest are summed up in one. */
const shown = 25;

const columns = ['operation', 'puts out', 'times a step', 'time', 'share', 'reads', 'writes'];

export function describeProfile(cell: SpeedCell, profile: Profile): string[] {
  const { execution, backend, stepSeconds, operationSeconds, operations, steps } = profile;
  const rest = operations.slice(shown);
  const sum = (key: 'count' | 'seconds' | 'share' | 'bytesRead' | 'bytesWritten') =>
    rest.reduce((total, operation) => total + operation[key], 0);
  const others = {
    operation: `${rest.length} others`,
    shape: null,
    ...{ count: sum('count'), seconds: sum('seconds'), share: sum('share') },
    ...{ bytesRead: sum('bytesRead'), bytesWritten: sum('bytesWritten') },
  };
  const rows = [...operations.slice(0, shown), ...(rest.length > 0 ? [others] : [])];
  return [
    `${cell.architecture} ${cell.mode}, length ${thousands(cell.encoder.length)}, batch ${thousands(cell.batch)}, on ${backend}, ${execution}`,
    `a step takes ${seconds(stepSeconds)}, its operations ${seconds(operationSeconds)} (mean of ${steps} steps${
      execution === 'graph' ? '; some run at the same time' : ''
    })`,
    ...alignColumns([columns, ...rows.map(rowOf)]),
  ];
}

const rowOf = (operation: Profile['operations'][number]): string[] => [
  operation.operation,
  operation.shape === null ? '' : `[${operation.shape.join(', ')}]`,
  thousands(operation.count),
  seconds(operation.seconds),
  `${percent(operation.share)} %`,
  bytes(operation.bytesRead),
  bytes(operation.bytesWritten),
];
