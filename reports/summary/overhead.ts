/**
 * What the harness itself takes: the wall time of speed cells less the phases that their processes account for, which
 * are start-up, the making of the model, warm-up, the control workload, the timed steps and what is counted after them.
 * What is left is the parent's: handing over the request, messages, watching, the end of the process.
 */
import type { RunRecord } from '../../harness/record.js';

export interface Overhead {
  /** Cells that it was taken from. */
  readonly cells: number;
  readonly wallSeconds: number;
  /** Of that, until processes, modules and backends were up. */
  readonly startUpSeconds: number;
  /** Of that, what no phase accounts for. */
  readonly overheadSeconds: number;
  /** Overhead as a share of the wall time without start-up. */
  readonly share: number;
}

/**
 * @param runSeconds - wall time of the whole run that left exactly these records: the writing of records counts too then
 * @returns null where no record has phases
 */
export function overheadOf(records: readonly RunRecord[], runSeconds: number | null = null): Overhead | null {
  const timed = records.flatMap((record) => {
    const phases = record.measuring?.phases;
    return phases === undefined ? [] : [{ phases, wall: wallOf(record) }];
  });
  if (timed.length === 0) return null;
  const silent = records.filter(({ measuring }) => measuring?.phases === undefined);
  const wallSeconds =
    runSeconds === null ? sum(timed.map(({ wall }) => wall)) : runSeconds - sum(silent.map(wallOf));
  const startUpSeconds = sum(timed.map(({ phases }) => phases.startUp));
  const known = sum(timed.flatMap(({ phases }) => Object.values(phases)));
  const overheadSeconds = wallSeconds - known;
  const share = overheadSeconds / (wallSeconds - startUpSeconds);
  return { cells: timed.length, wallSeconds, startUpSeconds, overheadSeconds, share };
}

const wallOf = ({ provenance: { startedAt, endedAt } }: RunRecord): number =>
  (Date.parse(endedAt) - Date.parse(startedAt)) / 1000;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
