/** A record as a line of the page: what came out of a run, and the command that measures it again. */
import type { RunRecord } from '../../harness/record.js';
import { counted, seconds, secondsRange, significant } from '../format.js';
import { median } from '../statistics/index.js';
import { machineKey, machineTitle } from '../summary/machine.js';
import type { RunGroup } from './sources.js';

/** Group by group, as numbers link to them. */
export function recordViews(groups: readonly RunGroup[]) {
  const machines = new Set(groups.flatMap(({ records }) => records.map(machineKey)));
  return groups.map(({ anchor, title, records }) => ({
    anchor,
    title,
    runs: records.map((record, index) => recordView(record, index, records, machines.size > 1)),
  }));
}

function recordView(record: RunRecord, index: number, all: readonly RunRecord[], severalMachines: boolean) {
  const { id, cell, failure, provenance } = record;
  return {
    id,
    // The same cell measured on two machines has one id.
    anchor: all[index - 1]?.id === id ? null : `record-${id}`,
    seed: cell.seed,
    result: failure === null ? resultText(record) : `${failure.kind}: ${failure.message}`,
    samples: samplesText(record),
    curve: curveText(record),
    backend: `${record.backend?.name ?? 'none'}${severalMachines ? `, ${machineTitle(record)}` : ''}`,
    ended: provenance.endedAt.slice(0, 16).replace('T', ' '),
    commit:
      provenance.git === null
        ? '—'
        : provenance.git.commit.slice(0, 9) + (provenance.git.dirty ? ' + changes' : ''),
    again: `formerbench run --record records/${id}.json --out again`,
  };
}

function resultText({ metrics, seconds: time }: RunRecord): string {
  const scores = Object.keys(metrics)
    .toSorted()
    .map((name) => `${name} ${significant(100 * (metrics[name] ?? 0))} %`);
  return [...scores, ...(time === null ? [] : [seconds(time)])].join(', ');
}

/** How many steps were timed, their median and their range. */
function samplesText({ samples }: RunRecord): string {
  if (samples === null || samples.length === 0) return '—';
  const range = secondsRange([Math.min(...samples), Math.max(...samples)]);
  return `${counted(samples.length, 'step')}, median ${seconds(median(samples))}, ${range}`;
}

/** Validation accuracy by epoch; the kept epoch is starred. */
const curveText = ({ curve, bestEpoch }: RunRecord): string =>
  curve.length === 0
    ? '—'
    : curve
        .map(
          ({ epoch, validationAccuracy }) =>
            `${(100 * validationAccuracy).toFixed(1)}${epoch === bestEpoch ? '*' : ''}`,
        )
        .join(' ');
