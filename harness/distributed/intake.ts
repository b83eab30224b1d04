/**
 * The end of a run that others measure: which jobs are still open, and what becomes of an answer. The same for every
 * scheduler that hands cells out.
 */
import type { Job } from '../plan.js';
import { messageOf } from '../errors.js';
import { canonicalJson } from '../identity.js';
import { failed } from '../outcome.js';
import { describeRun } from '../provenance.js';
import type { FailureKind, RunRecord } from '../record.js';
import { failedInAnotherRound, recordFrom, type RunOptions } from '../run.js';
import type { Store } from '../store.js';
import { type Answer, readAnswer } from './order.js';

/** `host` is null where nothing was taken. */
export interface Taken {
  readonly host: string | null;
  readonly answered: readonly Job[];
}

const nothing: Taken = { host: null, answered: [] };

export interface Intake {
  /** By id: what has no record yet. */
  readonly open: ReadonlyMap<string, Job>;
  readonly ran: readonly RunRecord[];
  /**
   * Keeps an answer; a second one of the same job changes nothing, and what is no answer is a failure of its cell.
   * @returns the host it comes from, and the jobs that need not be measured any more, since it answers them too
   * @throws what the store throws
   */
  readonly take: (id: string, text: string) => Promise<Taken>;
  /** Keeps that a job was lost with whoever had it, or refused. */
  readonly giveUp: (id: string, message: string) => Promise<void>;
}

export async function openIntake(jobs: readonly Job[], store: Store, options: RunOptions): Promise<Intake> {
  const open = new Map(jobs.map((job) => [job.id, job]));
  const ran: RunRecord[] = [];
  const known = new Map<string, string>();
  const here = await describeRun(options.preset);
  const keep = async (job: Job, record: RunRecord, host?: string) => {
    open.delete(job.id); // First: what comes twice meanwhile is known already.
    await store.write(record);
    ran.push(record);
    const { startedAt, endedAt } = record.provenance;
    const seconds = Math.max(0, Date.parse(endedAt) - Date.parse(startedAt)) / 1000; // Clocks are moved back too.
    const place = host === undefined ? {} : { host };
    options.report({ kind: 'ended', job, outcome: record, seconds, ...place });
  };
  const giveUp = async (job: Job, message: string, kind: FailureKind = 'crashed') => {
    const now = new Date();
    const outcome = failed(kind, message);
    const end = { job, outcome, startedAt: now, endedAt: now, loadBefore: 0, loadAfter: 0 };
    await keep(job, recordFrom(end, here));
  };
  return {
    open,
    ran,
    take: async (id, text) => {
      const job = open.get(id);
      if (job === undefined) return nothing;
      const answer = tryRead(job, text);
      if (typeof answer === 'string') {
        await giveUp(job, answer);
        return nothing;
      }
      const { host, record } = answer;
      const other = otherData(record, known);
      if (other !== null) {
        await giveUp(job, `host ${host} ${other}`, 'bad data');
        return nothing;
      }
      await keep(job, record, host);
      if (record.failure === null || record.cell.kind !== 'speed') return { host, answered: [] };
      const answered = [...open.values()].filter((each) =>
        failedInAnotherRound(each, [record], options.limits(each)),
      );
      for (const each of answered) open.delete(each.id);
      return { host, answered };
    },
    giveUp: async (id, message) => {
      const job = open.get(id);
      if (job !== undefined) await giveUp(job, message);
    },
  };
}

/**
 * Hosts read data at places of their own: that it is the same, checksums tell.
 * @param known - checksums by choice of data; the first that is read is the one that counts
 */
function otherData({ cell, data, ranking, summary }: RunRecord, known: Map<string, string>): string | null {
  const read = data ?? ranking?.data ?? summary?.data;
  if (read === undefined || cell.kind === 'speed') return null;
  const choice = canonicalJson(cell.dataset);
  const first = known.get(choice) ?? read.sha256;
  known.set(choice, first);
  if (first === read.sha256) return null;
  return `has other data of ${cell.dataset.name} (sha256 ${read.sha256}) than where it was read first (${first}); give its worker the same files`;
}

/** The answer, or in words why it is none. */
function tryRead(job: Job, text: string): Answer | string {
  try {
    return readAnswer(job, text);
  } catch (error) {
    return messageOf(error);
  }
}
