/**
 * Progress on stderr: what ended, what runs, and about how long the rest will take.
 *
 * Drawn only when something happened, never by a timer, and not while a speed cell takes its samples: waiting must cost
 * the measured process nothing.
 */
import { type Cell, describeCell } from '../harness/cell.js';
import { type CountsAtHand, estimateRemaining, type Timed } from '../harness/estimate.js';
import type { Job } from '../harness/plan.js';
import type { Outcome } from '../harness/record.js';
import type { SchedulerEvent } from '../harness/scheduler/index.js';

export interface ProgressOptions {
  readonly jobs: readonly Job[];
  readonly workers: number;
  /** Cells that ended in earlier runs, to estimate from. */
  readonly earlier: readonly Timed[];
  /** What was counted of the data. */
  readonly atHand: CountsAtHand;
  /** A live line that is drawn over; plain lines otherwise. */
  readonly live: boolean;
  readonly write: (text: string) => void;
  /** What a cell came to; its test score or its time when not given. */
  readonly describe?: (cell: Cell, outcome: Outcome) => string;
}

export interface Progress {
  readonly report: (event: SchedulerEvent) => void;
  /** Leaves the terminal as it was. */
  readonly end: () => void;
}

export function createProgress(options: ProgressOptions): Progress {
  const { jobs, workers, earlier, atHand, live, write, describe = describeOutcome } = options;
  const now: Timed[] = [];
  const open = new Set(jobs);
  const running = new Map<Job, { readonly place: string; readonly step: string }>();
  // What was measured in this run tells more than older records, which may be of a busier machine.
  const left = () =>
    formatTime(
      estimateRemaining(
        [...open].map(({ cell }) => cell),
        now.length > 0 ? now : earlier,
        workers,
        atHand,
      ),
    );
  const line = (text: string) => {
    write(`${live ? '\r\x1b[K' : ''}${text}\n`);
  };
  const draw = () => {
    if (!live || running.size === 0) return;
    const what = [...running]
      .map(([{ cell }, { place, step }]) => `${describeCell(cell)}${place}${step}`)
      .join(' | ');
    write(
      `\r\x1b[K${`${jobs.length - open.size}/${jobs.length}, about ${left()} left: ${what}`.slice(0, 150)}`,
    );
  };
  const report = (event: SchedulerEvent) => {
    if (event.kind === 'started') running.set(event.job, { place: placeOf(event), step: '' });
    else if (event.kind === 'progress' && event.event.kind === 'note')
      line(`${describeCell(event.job.cell)}: ${event.event.text}`);
    else if (event.kind === 'progress') {
      const place = running.get(event.job)?.place ?? '';
      running.set(event.job, { place, step: describeStep(event.event) });
    } else {
      running.delete(event.job);
      open.delete(event.job);
      if (event.kind === 'dropped') return;
      now.push({ cell: event.job.cell, seconds: event.seconds });
      const result = describe(event.job.cell, event.outcome);
      const rest = open.size > 0 ? `; about ${left()} left` : '';
      line(
        `[${jobs.length - open.size}/${jobs.length}] ${describeCell(event.job.cell)}${placeOf(event)}: ${result} (${formatTime(event.seconds)}${rest})`,
      );
    }
    draw();
  };
  return {
    report,
    end: () => {
      if (live) write('\r\x1b[K');
    },
  };
}

const placeOf = ({ host }: { readonly host?: string }): string =>
  host === undefined ? '' : ` on host ${host}`;

function describeStep(event: Extract<SchedulerEvent, { kind: 'progress' }>['event']): string {
  if (event.kind !== 'epoch') return `, ${event.text}`;
  return `, epoch ${event.epoch} of ${event.of}`;
}

/** `accuracy 84.1 %`, `12.3 ms a step`, or the failure. */
export function describeOutcome(cell: Cell, outcome: Outcome): string {
  if (outcome.failure !== null) {
    const { kind, message } = outcome.failure;
    return `${kind === 'did not learn' ? '' : 'FAILED, '}${kind}: ${firstLine(message)}`;
  }
  if (cell.kind === 'speed') return `${((outcome.seconds ?? NaN) * 1000).toFixed(1)} ms a step`;
  if (cell.kind === 'recommender' || cell.kind === 'ranking-floor')
    return `AUC ${((outcome.metrics['auc'] ?? NaN) * 100).toFixed(1)} %`;
  if (cell.task === 'summarization')
    return `ROUGE-1 ${((outcome.metrics['rouge1'] ?? NaN) * 100).toFixed(1)} %`;
  return `accuracy ${((outcome.metrics['accuracy'] ?? NaN) * 100).toFixed(1)} %`;
}

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';

/** `8 s`, `3 min`, `1 h 05 min`. */
export function formatTime(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}
