/** What a cell is called where its seed does not count: `Fastformer, training at length 512, batch 4`. */
import type { Cell } from '../harness/cell.js';
import { datasetFacts, mindTitle, pairTitle, variantTitle } from './catalogue.js';
import { thousands } from './format.js';
import { groupBy } from './summary/records.js';

/** Titles that tell cells apart: where two are the same, with the settings that are not. */
export function titlesOf(cells: readonly Cell[]): string[] {
  const all = cells.map((cell) => ({ title: plainTitle(cell), settings: settingsOf(cell) }));
  const namesakes = new Map(groupBy(all, ({ title }) => title));
  return all.map((one) => {
    const others = (namesakes.get(one.title) ?? []).filter((other) => other !== one);
    const different = [...one.settings].filter(([path, value]) =>
      others.some(({ settings }) => settings.get(path) !== value),
    );
    return different.length === 0
      ? one.title
      : `${one.title} (${different.map(([path, value]) => `${path}=${value}`).join(', ')})`;
  });
}

function plainTitle(cell: Cell): string {
  if (cell.kind === 'speed') {
    const limit = cell.largestUnder === undefined ? '' : ', search for the largest batch';
    return `${variantTitle(cell.architecture, cell.options)}, ${cell.mode} at length ${thousands(cell.encoder.length)}, batch ${thousands(cell.batch)}${limit}`;
  }
  const options = 'options' in cell ? cell.options : {};
  return `${variantTitle(cell.architecture, options)} on ${dataTitle(cell)}`;
}

function dataTitle(cell: Exclude<Cell, { kind: 'speed' }>): string {
  if (cell.task === 'recommendation') return mindTitle(cell.dataset.name);
  return cell.task === 'summarization' ? pairTitle(cell.dataset.name) : datasetFacts(cell.dataset).title;
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
