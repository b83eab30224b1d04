/** Runs what is missing of a schedule, one process after the other, and keeps each result at once. */
import { note } from '../../cli/output.js';
import type { Limits } from '../../harness/scheduler/child.js';
import { seconds, thousands } from '../../reports/format.js';
import { median } from '../../reports/statistics/index.js';
import type { Measurement } from './measurement.js';
import { ourId, type OurSetup, ourJob, runOurs } from './our-cell.js';
import { peerArguments, peerId, type PyTorch, runPyTorch } from './pytorch-cell.js';
import type { Meeting, Runner } from './schedule.js';

export interface Setup extends OurSetup {
  readonly torch: PyTorch;
  /** Of each process, whichever side it is on. */
  readonly limits: Limits;
}

export interface MeasureOptions {
  /** Of an earlier run; taken where nothing has changed since. */
  readonly known: readonly Measurement[];
  readonly signal: AbortSignal;
  /** No meeting starts after this moment of `performance.now()`; null = no such moment. */
  readonly deadline: number | null;
  /** Called after each process with what belongs to these meetings, and with all there is, that of an earlier run too. */
  readonly keep: (ofMeetings: readonly Measurement[], all: readonly Measurement[]) => Promise<void>;
}

/** @returns what belongs to these meetings, and how many of them have no result */
export async function measureMeetings(
  meetings: readonly Meeting[],
  setup: Setup,
  { known, signal, deadline, keep }: MeasureOptions,
): Promise<{ readonly measurements: readonly Measurement[]; readonly left: number }> {
  const byId = new Map(known.filter(isFinal).map((measurement) => [measurement.id, measurement]));
  const wanted = new Set(meetings.flatMap((meeting) => processesOf(meeting, setup).map(({ id }) => id)));
  const results = () => [...byId.values()].filter(({ id }) => wanted.has(id));
  let left = 0;
  for (const [index, meeting] of meetings.entries()) {
    const missing = processesOf(meeting, setup).filter(({ id }) => !byId.has(id));
    const late = signal.aborted || (deadline !== null && performance.now() >= deadline);
    if (missing.length > 0 && late) left += 1;
    if (late) continue;
    for (const { runner, run } of missing) {
      const measurement = await run(signal);
      if (measurement === null) {
        left += 1;
        break;
      }
      byId.set(measurement.id, measurement);
      await keep(results(), [...byId.values()]);
      note(`${index + 1}/${meetings.length}  ${describe(meeting, runner, measurement)}`);
    }
  }
  return { measurements: results(), left };
}

/** Too little memory is a result; what else failed is tried again. */
const isFinal = ({ failure }: Measurement): boolean => failure === null || failure.kind === 'out of memory';

interface Process {
  readonly id: string;
  readonly runner: Runner;
  /** Null when it was stopped. */
  readonly run: (signal: AbortSignal) => Promise<Measurement | null>;
}

function processesOf(meeting: Meeting, setup: Setup): Process[] {
  const { torch, sizes, limits } = setup;
  return meeting.runners.map((runner): Process => {
    if (runner.side === 'ours') {
      const job = ourJob(meeting, setup);
      const id = ourId(job, setup);
      return { id, runner, run: (signal) => runOurs(id, job, meeting, limits, signal) };
    }
    const { rival } = runner;
    return {
      id: peerId(peerArguments(rival, meeting, sizes), torch),
      runner,
      run: (signal) => runPyTorch(rival, meeting, { torch, sizes, limits, signal }),
    };
  });
}

function describe({ contest, mode, length, round }: Meeting, runner: Runner, measured: Measurement): string {
  const who = runner.side === 'ours' ? 'ours' : `PyTorch (${runner.rival.title})`;
  const { failure, samples } = measured;
  const result = failure === null ? seconds(median(samples)) : `${failure.kind}: ${failure.message}`;
  return `${contest.name} ${mode} at ${thousands(length)}, round ${round}, ${who}: ${result}`;
}
