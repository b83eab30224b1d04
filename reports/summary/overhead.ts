/**
 * What the harness itself takes: the wall time of speed cells less the phases that their processes account for, which
 * are start-up, the making of the model, warm-up, the control workload, the timed steps and what is counted after them.
 * What is left is the parent's: handing over the request, messages, watching, the end of the process. Two cells may
 * live at a time; what one of them waits for the other is no time of its own.
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
    if (phases === undefined) return [];
    const { waiting = 0, ...own } = phases;
    return [{ own, wall: wallOf(record) - waiting }];
  });
  if (timed.length === 0) return null;
  const between = runSeconds === null ? 0 : runSeconds - coveredSeconds(records);
  const wallSeconds = sum(timed.map(({ wall }) => wall)) + between;
  const startUpSeconds = sum(timed.map(({ own }) => own.startUp));
  const known = sum(timed.flatMap(({ own }) => Object.values(own)));
  const overheadSeconds = wallSeconds - known;
  const share = overheadSeconds / (wallSeconds - startUpSeconds);
  return { cells: timed.length, wallSeconds, startUpSeconds, overheadSeconds, share };
}

const wallOf = ({ provenance: { startedAt, endedAt } }: RunRecord): number =>
  (Date.parse(endedAt) - Date.parse(startedAt)) / 1000;

/** In which at least one of the cells ran. */
function coveredSeconds(records: readonly RunRecord[]): number {
  let [covered, until] = [0, -Infinity];
  const spans = records.map(({ provenance }) => [
    Date.parse(provenance.startedAt),
    Date.parse(provenance.endedAt),
  ]);
  for (const [start = 0, end = 0] of spans.toSorted(([a = 0], [b = 0]) => a - b)) {
    covered += Math.max(0, end - Math.max(start, until));
    until = Math.max(until, end);
  }
  return covered / 1000;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
