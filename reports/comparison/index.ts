/**
 * Two sets of records, such as those of two versions: what became better or worse, what did not, and what cannot be told.
 *
 * Times are compared round by round beside their control workload, scores seed by seed, each family with Holm's
 * correction. Peaks of tensors are exact: any difference is one.
 */
import type { RunRecord } from '../../harness/record.js';
import { listed } from '../format.js';
import { holm } from '../statistics/index.js';
import { machineKey, machineTitle } from '../summary/machine.js';
import { groupBy } from '../summary/records.js';
import { type CellRuns, matchCells } from './cells.js';
import type { Change, Draft, Quantity, RecordsComparison, Uncompared } from './contract.js';
import { memoryDraft } from './memory.js';
import { scoreDrafts } from './score.js';
import { timeDraft } from './time.js';

export type { Change, ChangeVerdict, Quantity, RecordsComparison, Uncompared } from './contract.js';

export function compareRecords(base: readonly RunRecord[], head: readonly RunRecord[]): RecordsComparison {
  const cells = matchCells(base, head);
  const paired = cells.flatMap(comparable);
  const families = [
    paired.flatMap((runs) => timeDraft(runs)),
    paired.flatMap((runs) => scoreDrafts(runs)),
    paired.flatMap((runs) => memoryDraft(runs)),
  ];
  return { changes: families.flatMap(concluded), uncompared: cells.flatMap(uncompared) };
}

function concluded(drafts: readonly Draft[]): Change[] {
  const tested = drafts.filter(({ alone }) => alone !== null);
  const adjusted = holm(tested.map(({ alone }) => alone ?? 1));
  return drafts.map((draft) => draft.conclude(adjusted[tested.indexOf(draft)] ?? null));
}

const succeeded = ({ failure }: RunRecord): boolean => failure === null;

/** Runs with a result on both sides; of a speed cell, on one machine. */
function comparable(runs: CellRuns): CellRuns[] {
  const [base, head] = [runs.base.filter(succeeded), runs.head.filter(succeeded)];
  if (base.length === 0 || head.length === 0) return [];
  if (runs.cell.kind !== 'speed') return [{ ...runs, base, head }];
  return [...new Set(base.map(machineKey))].flatMap((machine) => {
    const onIt = (records: readonly RunRecord[]) =>
      records.filter((record) => machineKey(record) === machine);
    return onIt(head).length === 0 ? [] : [{ ...runs, base: onIt(base), head: onIt(head) }];
  });
}

const quantitiesOf = ({ cell }: CellRuns): Quantity[] =>
  cell.kind === 'speed' ? ['time', 'memory'] : ['score', 'memory'];

function uncompared(runs: CellRuns): Uncompared[] {
  const { title: cell, base, head } = runs;
  const quantities = quantitiesOf(runs);
  const say = (kind: Uncompared['kind'], reason: string): Uncompared[] => [
    { cell, kind, reason, quantities },
  ];
  if (head.length === 0) return say('only in base', 'no such cell in head');
  if (base.length === 0) return say('only in head', 'no such cell in base');
  const [works, worked] = [head.some(succeeded), base.some(succeeded)];
  if (!works && !worked) return say('fails in both', failureOf(head));
  if (!works) return say('fails in head', failureOf(head));
  if (!worked) return say('fails in base', failureOf(base));
  if (comparable(runs).length > 0) return someFail(runs, say);
  const [first, second] = [base, head].map((records) => records.filter(succeeded)[0]);
  if (first === undefined || second === undefined) return [];
  return say('other machine', `base ran on ${machineTitle(first)}, head on ${machineTitle(second)}`);
}

/** A seed or round that had a result before and has none now; the others are compared all the same. */
function someFail({ base, head }: CellRuns, say: (kind: 'fails in head', reason: string) => Uncompared[]) {
  const broken = head.filter(
    (record) =>
      !succeeded(record) && base.some((other) => succeeded(other) && other.cell.seed === record.cell.seed),
  );
  return broken.length === 0 ? [] : say('fails in head', failureOf(broken));
}

/** `did not learn (seeds 1 and 2): no better than chance`: of each kind the first message. */
const failureOf = (records: readonly RunRecord[]): string =>
  groupBy(records, ({ failure }) => failure?.kind ?? '')
    .flatMap(([kind, group]) => {
      const seeds = group.map(({ cell }) => cell.seed).toSorted((a, b) => a - b);
      const noun = group[0]?.cell.kind === 'speed' ? 'round' : 'seed';
      const message = group[0]?.failure?.message;
      return message === undefined
        ? []
        : [`${kind} (${noun}${seeds.length === 1 ? '' : 's'} ${listed(seeds.map(String))}): ${message}`];
    })
    .join('; ');
