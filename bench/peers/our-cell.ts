/** Our side of a meeting: a speed cell as `formerbench speed` runs it, in a process of its own. */
import { architectures } from '../../architectures/index.js';
import { parseOptions } from '../../cli/schema-options.js';
import { findByName } from '../../cli/suggest.js';
import type { SpeedCell } from '../../harness/cell.js';
import { type Job, planJobs } from '../../harness/plan.js';
import type { Limits } from '../../harness/scheduler/child.js';
import { runJobs } from '../../harness/scheduler/index.js';
import type { Contest } from './contests.js';
import type { Measurement } from './measurement.js';
import type { Meeting } from './schedule.js';
import type { SharedSizes } from './sizes.js';

export interface OurSetup {
  readonly sizes: SharedSizes;
  readonly backend: string;
  /** By architecture: options on top of those of the contest. */
  readonly options: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** @throws UsageError for an option that the architecture does not have */
export function ourJob(meeting: Meeting, setup: OurSetup): Job {
  const [job] = planJobs([cellOf(meeting, setup)], new Map());
  if (job === undefined) throw new Error('a plan of one cell is empty');
  return job;
}

/** The cell does not say how many threads it had. */
export const ourId = ({ id }: Job, { sizes }: OurSetup): string => `${id}-${sizes.threads}`;

function cellOf({ contest, mode, length, batch, round }: Meeting, setup: OurSetup): SpeedCell {
  const { hidden, heads, layers, feedForward, vocabulary, classes, warmup, warmupLimit, samples } =
    setup.sizes;
  return {
    task: 'speed',
    kind: 'speed',
    architecture: contest.name,
    options: optionsOf(contest, setup),
    encoder: {
      length,
      layers,
      hidden,
      heads,
      feedForward,
      dropout: 0,
      norm: 'post',
      positions: true,
      shareLayers: false,
      pooling: 'linear',
    },
    mode,
    batch,
    vocabulary,
    classes,
    warmup,
    warmupLimit,
    samples,
    seed: round,
    backend: setup.backend,
    execution: 'auto',
    precision: 'float32',
  };
}

function optionsOf({ name, options }: Contest, setup: OurSetup): SpeedCell['options'] {
  const architecture = findByName('architecture', name, architectures);
  return parseOptions(architecture.options, { ...options, ...setup.options[name] }, `architecture '${name}'`);
}

/** @returns null when it was stopped */
export async function runOurs(
  id: string,
  job: Job,
  { mode, length, batch, round }: Meeting,
  limits: Limits,
  signal: AbortSignal,
): Promise<Measurement | null> {
  let result: Measurement | null = null;
  await runJobs([job], {
    workers: 1,
    dataFolders: [],
    plugins: [],
    limits: () => limits,
    signal,
    deadline: null,
    report: () => undefined,
    keep: ({ outcome, startedAt }) => {
      const { samples, measuring, costs, memory, failure } = outcome;
      result = {
        id,
        side: 'ours',
        name: job.cell.architecture,
        mode,
        length,
        batch,
        round,
        samples: samples ?? [],
        warmUpSteps: measuring?.warmUpSteps ?? null,
        parameters: costs?.parameters ?? null,
        peakResidentBytes: memory.peakResidentBytes,
        baselineResidentBytes: memory.baselineResidentBytes,
        failure,
        startedAt: startedAt.toISOString(),
      };
      return Promise.resolve();
    },
  });
  return result;
}
