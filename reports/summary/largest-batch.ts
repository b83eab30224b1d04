/**
 * The largest batch whose step fits into some memory, beside the batch that all architectures share: the first shows what
 * an architecture makes of a machine, the second what it does with the same work.
 */
import type { SpeedCell } from '../../harness/cell.js';
import { boundsOf } from '../../harness/largest-batch.js';
import type { RunRecord } from '../../harness/record.js';
import { bytes } from '../format.js';
import type { SpeedFigure } from '../paper/contract.js';
import type { LargestBatch, LargestBatchSetting, SpeedSetting } from './speed-contract.js';
import { machineKey, machineTitle } from './machine.js';
import { canonical, compareText, groupBy, rowRank } from './records.js';
import { isSpeed, sizesOf, speedPoint, type SpeedRecord } from './speed-settings.js';

type Try = SpeedRecord & { readonly cell: { readonly largestUnder: number } };

const isTry = (record: RunRecord): record is Try => isSpeed(record) && record.cell.largestUnder !== undefined;

/** @param speeds - settings of the sweeps, for the batches that are shared */
export function largestBatchSettings(
  figure: Pick<SpeedFigure, 'name' | 'rows'>,
  records: readonly RunRecord[],
  speeds: readonly SpeedSetting[],
): LargestBatchSetting[] {
  return groupBy(records.filter(isTry), settingKey).flatMap(([, tries], index): LargestBatchSetting[] => {
    const [first] = tries;
    if (first === undefined) return [];
    const { cell } = first;
    const { encoder } = sizesOf(cell);
    const machine = machineTitle(first);
    const beside = speeds.filter(
      (speed) =>
        speed.backend === cell.backend &&
        speed.machine === machine &&
        canonical(speed.encoder) === canonical(encoder),
    );
    const rows = groupBy(tries, rowKey)
      .map(([, runs]) => rowOf(runs, beside))
      .flatMap((row) => row ?? [])
      .toSorted(
        (a, b) =>
          a.length - b.length ||
          rowRank(a.architecture, figure.rows) - rowRank(b.architecture, figure.rows) ||
          compareText(`${a.title} ${a.mode}`, `${b.title} ${b.mode}`),
      );
    return [
      {
        id: `${figure.name}-largest-${index + 1}`,
        title: `Largest batch that fits into ${bytes(cell.largestUnder)} on ${cell.backend}`,
        limitBytes: cell.largestUnder,
        ...{ backend: cell.backend, machine, encoder, rows },
      },
    ];
  });
}

function settingKey(record: Try): string {
  const { cell } = record;
  const { encoder } = sizesOf(cell);
  const { vocabulary, classes, backend, execution, precision, largestUnder } = cell;
  return canonical([
    { backend, execution, precision, encoder, vocabulary, classes, largestUnder },
    machineKey(record),
  ]);
}

const rowKey = ({ cell }: Try): string =>
  canonical([cell.architecture, cell.options, cell.mode, cell.encoder.length]);

function rowOf(runs: readonly Try[], beside: readonly SpeedSetting[]): LargestBatch | null {
  const known = runs
    .filter(({ failure }) => failure === null || failure.kind === 'out of memory')
    .toSorted((a, b) => a.cell.batch - b.cell.batch || compareText(a.id, b.id));
  const { fits, tooLarge } = boundsOf(new Map(known.map((run) => [run.cell.batch, run.failure === null])));
  const point = speedPoint(known.filter(({ cell }) => cell.batch === (fits || tooLarge)));
  if (point === null) return null;
  const { architecture, title, mode, length, median, interval } = point;
  const own = { architecture, title, mode, length };
  const tokens = fits * length;
  return {
    ...own,
    batch: fits,
    tooLarge,
    secondsPerToken: median === null ? null : median / tokens,
    interval: interval === null ? null : [interval[0] / tokens, interval[1] / tokens],
    peakTensorBytes: point.peakTensorBytes,
    peakResidentBytes: residentOf(point.records),
    shared: sharedOf(own, beside),
    records: known.map(({ id }) => id),
  };
}

const residentOf = (records: readonly RunRecord[]): number | null =>
  Math.max(0, ...records.map(({ memory }) => memory.peakResidentBytes ?? 0)) || null;

/** The batch of the sweep with the most tokens, where that was timed. */
function sharedOf(
  own: { readonly title: string; readonly mode: SpeedCell['mode']; readonly length: number },
  beside: readonly SpeedSetting[],
): LargestBatch['shared'] {
  const [found] = beside
    .toSorted((a, b) => b.tokens - a.tokens)
    .flatMap(({ points }) => points)
    .filter(({ title, mode, length }) => title === own.title && mode === own.mode && length === own.length);
  if (found?.median == null) return null;
  return {
    batch: found.batch,
    secondsPerToken: found.median / (found.batch * found.length),
    records: found.records.map(({ id }) => id),
  };
}
