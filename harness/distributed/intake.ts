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
      const other = otherData(record, ran);
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

/** Hosts read data at places of their own: that it is the same, checksums tell. */
function otherData({ cell, data }: RunRecord, ran: readonly RunRecord[]): string | null {
  if (data === null || cell.kind === 'speed') return null;
  const choice = canonicalJson(cell.dataset);
  const same = ran.find(
    (each) => each.data !== null && each.cell.kind !== 'speed' && canonicalJson(each.cell.dataset) === choice,
  );
  if (same?.data == null || same.data.sha256 === data.sha256) return null;
  return `has other data of ${cell.dataset.name} (sha256 ${data.sha256}) than where it was read first (${same.data.sha256}); give its worker the same files`;
}

/** The answer, or in words why it is none. */
function tryRead(job: Job, text: string): Answer | string {
  try {
    return readAnswer(job, text);
  } catch (error) {
    return messageOf(error);
  }
}
