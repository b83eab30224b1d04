/** Runs of the scheduler whose children ask and end when the test says so. */
import type { Job } from '../../../harness/plan.js';
import type { ChildEnd, StartChild } from '../../../harness/scheduler/child.js';
import {
  type JobEnd,
  runJobs,
  type SchedulerEvent,
  type SchedulerOptions,
} from '../../../harness/scheduler/index.js';
import type { Part } from '../../../harness/scheduler/gate.js';
import { goodOutcome, jobOf, quietEnd, speedCell, trainedCell } from '../cells.js';

const deadEnd: ChildEnd = { ...quietEnd, code: null, signal: 'SIGKILL' };

/** A child that stands in for a process. */
export interface Fake {
  readonly architecture: string;
  readonly finish: (end?: Partial<ChildEnd>) => void;
  readonly ask: (part: Part) => void;
  /** What it does, or waits to do. */
  part: Part | 'before';
  held: boolean;
  killed: boolean;
}

function fakeChildren() {
  const running: Fake[] = [];
  const start: StartChild = ({ cell }, _limits, report) => {
    let resolve: (end: ChildEnd) => void = () => undefined;
    const end = new Promise<ChildEnd>((done) => (resolve = done));
    const child: Fake = {
      architecture: cell.architecture,
      part: 'before',
      held: false,
      killed: false,
      ask: (part) => {
        child.part = part;
        report({ kind: 'asks', part });
      },
      finish: (change: Partial<ChildEnd> = { outcome: goodOutcome, code: 0, signal: null }) => {
        running.splice(running.indexOf(child), 1);
        resolve({ ...deadEnd, ...change });
      },
    };
    running.push(child);
    return {
      end,
      hold: () => (child.held = true),
      go: () => (child.held = false),
      kill: () => {
        child.killed = true;
        child.finish({});
      },
    };
  };
  return { running, start };
}

export const settle = () => new Promise((resolve) => setImmediate(resolve));

/** @returns the children that live, what was kept and reported so far, and what is left at the end */
export function run(jobs: readonly Job[], change: Partial<SchedulerOptions> = {}) {
  const children = fakeChildren();
  const kept: JobEnd[] = [];
  const events: SchedulerEvent[] = [];
  const left = runJobs(jobs, {
    workers: 2,
    dataFolders: [],
    plugins: [],
    limits: () => ({ seconds: 10, memoryBytes: 1e9, threads: 1 }),
    signal: new AbortController().signal,
    deadline: null,
    keep: (end) => {
      kept.push(end);
      return Promise.resolve();
    },
    report: (event) => events.push(event),
    start: children.start,
    ...change,
  });
  return { ...children, kept, events, left };
}

export const training = (name: string) => jobOf({ ...trainedCell, architecture: name });
export const speed = (name: string) => jobOf({ ...speedCell, architecture: name });
export const names = (running: readonly { architecture: string }[]) =>
  running.map(({ architecture }) => architecture);
