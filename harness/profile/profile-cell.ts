/**
 * The child's side of a profile: prepares the step of a speed cell as its measurement would, warms it up, and finds out
 * what a few steps spend their time in. Op by op the kernels are timed; of a graph TensorFlow's executor tells.
 */
import { readFileSync } from 'node:fs';
import type { Architecture } from '../../architectures/contract.js';
import { startBackend } from '../backends/index.js';
import type { BackendName } from '../backends/names.js';
import type { SpeedCell } from '../cell.js';
import { HarnessError } from '../errors.js';
import { type CellRequest, findArchitecture } from '../run-cell.js';
import { prepareSpeedStep } from '../speed.js';
import { readNumber } from '../training-step.js';
import { loggingEnvironment, parseExecutorLog } from './executor-log.js';
import { describeNodes, outputsOfGraph } from './graph-outputs.js';
import { type OperationRun, type Profile, summarize } from './profile.js';
import { timeKernels } from './time-kernels.js';

const profiledSteps = 3;

/**
 * @param log - the file that gets this process's stderr
 * @throws HarnessError for what is no speed cell
 */
export async function profileCell({ cell, plugins }: CellRequest, log: string): Promise<Profile> {
  if (cell.kind !== 'speed') throw new HarnessError(`a profile is of a speed cell, not of a ${cell.kind}`);
  Object.assign(process.env, loggingEnvironment);
  const architecture = await findArchitecture(cell.architecture, plugins);
  await startBackend(cell.backend as BackendName);
  return profileStep(cell, architecture, () => readFileSync(log));
}

/**
 * The backend has to be on.
 *
 * @param readLog - what TensorFlow has written to stderr so far
 */
export async function profileStep(
  cell: SpeedCell,
  architecture: Architecture,
  readLog: () => Buffer,
): Promise<Profile> {
  const { step, dispose } = prepareSpeedStep(cell, architecture);
  let seconds = 0;
  const run = async (steps: number) => {
    const start = performance.now();
    for (let i = 0; i < steps; i++) await readNumber(step.run());
    seconds = (performance.now() - start) / 1000;
  };
  await run(Math.max(2, cell.warmup));
  const execution = step.compilation.decision;
  const runs =
    execution === 'graph'
      ? await timeNodes(() => run(profiledSteps), readLog, cell, architecture)
      : await timeKernels(() => run(profiledSteps));
  dispose();
  return {
    backend: cell.backend,
    execution,
    steps: profiledSteps,
    stepSeconds: seconds / profiledSteps,
    ...summarize(runs, profiledSteps),
  };
}

/** @throws HarnessError where the executor was silent */
async function timeNodes(
  run: () => Promise<void>,
  readLog: () => Buffer,
  cell: SpeedCell,
  architecture: Architecture,
): Promise<OperationRun[]> {
  const before = readLog().length;
  await run();
  const nodes = parseExecutorLog(readLog().subarray(before).toString('utf8'));
  if (nodes.length === 0)
    throw new HarnessError(
      'this TensorFlow does not say what its graphs spend their time in; use --execution eager',
    );
  const same: SpeedCell = { ...cell, execution: 'eager', precision: 'float32' };
  const { step, dispose } = prepareSpeedStep(same, architecture);
  const { inputs, variables } = step;
  const outputs = outputsOfGraph({ step: () => ({ loss: step.run() }), inputs, variables });
  dispose();
  return describeNodes(nodes, outputs);
}
