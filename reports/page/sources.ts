/**
 * From a number to its records. Those of one cell, a seed each, are one group of the list of records; a number of one
 * group links to it. A number of several groups, such as a ratio, links to an entry that names them.
 */
import type { RunRecord } from '../../harness/record.js';
import { titlesOf } from '../cell-titles.js';
import { cellKey, compareText, groupBy } from '../summary/records.js';

/** The records of one cell, by seed. */
export interface RunGroup {
  readonly anchor: string;
  readonly title: string;
  readonly records: readonly RunRecord[];
}

/** A group, or a record of one, that a number was computed from. */
interface Part {
  readonly href: string;
  readonly title: string;
}

/** What numbers of several groups link to. */
export interface JoinedSource {
  readonly anchor: string;
  readonly parts: readonly Part[];
}

export interface Sources {
  readonly joined: readonly JoinedSource[];
  /** Where a number of these records leads; null where the list has none of them. */
  readonly linkTo: (ids: readonly string[]) => string | null;
}

/** Of a page without a list of records. */
export const noSources: Sources = { joined: [], linkTo: () => null };

/** In the order of the list: by kind and title. */
export function runGroups(records: readonly RunRecord[]): RunGroup[] {
  const groups = groupBy(records, cellKey).map(([, runs]) =>
    runs.toSorted((a, b) => a.cell.seed - b.cell.seed || compareText(a.id, b.id)),
  );
  const titles = titlesOf(groups.flatMap(([first]) => first?.cell ?? []));
  return groups
    .map((runs, index) => ({ title: titles[index] ?? '', records: runs, kind: runs[0]?.cell.kind ?? '' }))
    .toSorted((a, b) => compareText(a.kind, b.kind) || compareText(a.title, b.title))
    .map(({ title, records: runs }, index) => ({ anchor: `runs-${index + 1}`, title, records: runs }));
}

/** @param used - the records of every number that will be linked */
export function sourcesOf(groups: readonly RunGroup[], used: Iterable<readonly string[]>): Sources {
  const placeOf = new Map(
    groups.flatMap((group, index) => group.records.map(({ id }) => [id, index] as const)),
  );
  const partsOf = (ids: readonly string[]): Part[] => {
    const wanted = new Set(ids);
    const places = new Set(ids.flatMap((id) => placeOf.get(id) ?? []));
    return [...places]
      .toSorted((a, b) => a - b)
      .flatMap((place) => groups[place] ?? [])
      .flatMap((group) => partsIn(group, wanted));
  };
  const anchors = new Map<string, JoinedSource>();
  for (const ids of used) {
    const parts = partsOf(ids);
    const key = keyOf(parts);
    if (parts.length > 1 && !anchors.has(key))
      anchors.set(key, { anchor: `from-${anchors.size + 1}`, parts });
  }
  const linkTo = (ids: readonly string[]) => {
    const parts = partsOf(ids);
    if (parts.length < 2) return parts[0]?.href ?? null;
    const joined = anchors.get(keyOf(parts));
    return joined === undefined ? null : `#${joined.anchor}`;
  };
  return { joined: [...anchors.values()], linkTo };
}

const keyOf = (parts: readonly Part[]): string => parts.map(({ href }) => href).join(' ');

/** The group as a whole where only failed runs are not wanted, else record by record. */
function partsIn({ anchor, title, records }: RunGroup, wanted: ReadonlySet<string>): Part[] {
  if (records.every(({ id, failure }) => wanted.has(id) || failure !== null))
    return [{ href: `#${anchor}`, title }];
  return records
    .filter(({ id }) => wanted.has(id))
    .map(({ id, cell }) => ({
      href: `#record-${id}`,
      title: `${title}, ${seedWord(cell.kind)} ${cell.seed}`,
    }));
}

/** Rounds of a speed cell are counted by its seed. */
export const seedWord = (kind: string): string => (kind === 'speed' ? 'round' : 'seed');
