/** Cells of two sets of records, matched by what they measure. Ids do not serve: they hold the sources of the program. */
import type { Cell } from '../../harness/cell.js';
import type { RunRecord } from '../../harness/record.js';
import { datasetFacts, variantTitle } from '../catalogue.js';
import { thousands } from '../format.js';
import { canonical, currentRecords, groupBy } from '../summary/records.js';

/** Runs of one cell, a seed or a round each. */
export interface CellRuns {
  readonly title: string;
  readonly cell: Cell;
  readonly base: readonly RunRecord[];
  readonly head: readonly RunRecord[];
}

const keyOf = ({ cell }: RunRecord): string => canonical({ ...cell, seed: 0 });

export function matchCells(base: readonly RunRecord[], head: readonly RunRecord[]): CellRuns[] {
  const sides = [
    ...currentRecords(base).map((record) => ({ side: 'base', record })),
    ...currentRecords(head).map((record) => ({ side: 'head', record })),
  ];
  const groups = groupBy(sides, ({ record }) => keyOf(record)).flatMap(([, runs]) => {
    const of = (wanted: string) => runs.filter(({ side }) => side === wanted).map(({ record }) => record);
    const cell = runs[0]?.record.cell;
    return cell === undefined ? [] : [{ cell, base: of('base'), head: of('head') }];
  });
  const titles = titlesOf(groups.map(({ cell }) => cell));
  return groups.map((group, index) => ({ ...group, title: titles[index] ?? '' }));
}

function plainTitle(cell: Cell): string {
  if (cell.kind === 'speed') {
    const limit = cell.largestUnder === undefined ? '' : ', search for the largest batch';
    return `${variantTitle(cell.architecture, cell.options)}, ${cell.mode} at length ${thousands(cell.encoder.length)}, batch ${thousands(cell.batch)}${limit}`;
  }
  const options = 'options' in cell ? cell.options : {};
  return `${variantTitle(cell.architecture, options)} on ${datasetFacts(cell.dataset).title}`;
}

/** Titles that tell cells apart: where two are the same, with the settings that are not. */
export function titlesOf(cells: readonly Cell[]): string[] {
  return cells.map((cell) => {
    const title = plainTitle(cell);
    const others = cells.filter((other) => other !== cell && plainTitle(other) === title);
    const own = settingsOf(cell);
    const different = [...own].filter(([path, value]) =>
      others.some((other) => settingsOf(other).get(path) !== value),
    );
    return different.length === 0
      ? title
      : `${title} (${different.map(([path, value]) => `${path}=${value}`).join(', ')})`;
  });
}

/** `training.batchSize` -> `32`; the seed is no setting. */
function settingsOf(value: unknown, path = ''): Map<string, string> {
  if (value === null || typeof value !== 'object') return new Map([[path, String(value)]]);
  return new Map(
    Object.entries(value)
      .filter(([key]) => key !== 'seed')
      .flatMap(([key, part]) => [...settingsOf(part, path === '' ? key : `${path}.${key}`)]),
  );
}
