/** Every number that was measured leads to the records that it was computed from, and to no others. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../harness/record.js';
import type { GridCell } from '../../reports/page/grid.js';
import { runGroups, type Sources, sourcesOf } from '../../reports/page/sources.js';
import { chartsOf, gridsOf, usedRecords } from '../../reports/page/table-files.js';
import { viewOf } from '../../reports/page/view.js';
import { tables } from '../../reports/paper/index.js';
import { summarize } from '../../reports/summary.js';
import { planRecords } from '../support/plan-records.js';
import { accuracyRecord, sampleRecords, speedRecord } from '../support/records.js';

const failure = { kind: 'diverged' as const, message: 'not finite' };
const records = [...sampleRecords(), accuracyRecord({ seed: 9 }, 0.1, { failure })];
const groups = runGroups(records);

/** Ids that a reader finds behind a link. */
function idsBehind(href: string, { joined }: Sources): string[] {
  const anchor = href.slice(1);
  if (anchor.startsWith('record-')) return [anchor.slice('record-'.length)];
  const group = groups.find((one) => one.anchor === anchor);
  if (group !== undefined) return group.records.map(({ id }) => id);
  const parts = joined.find((one) => one.anchor === anchor)?.parts ?? [];
  return parts.flatMap((part) => idsBehind(part.href, { joined, linkTo: () => null }));
}

describe('groups of records', () => {
  it('hold each record once, the seeds of one cell together and in order', () => {
    const ids = groups.flatMap((group) => group.records.map(({ id }) => id));
    expect(ids.toSorted()).toEqual(records.map(({ id }) => id).toSorted());
    const group = groups.find(({ title }) => title.startsWith('Fastformer on SpamAssassin'));
    expect(group?.records.map(({ cell }) => cell.seed)).toEqual([1, 2, 3, 9]);
  });

  it('have titles and anchors of their own, in whatever order the records come', () => {
    for (const name of ['title', 'anchor'] as const)
      expect(new Set(groups.map((group) => group[name])).size).toBe(groups.length);
    expect(runGroups(records.toReversed())).toEqual(groups);
  });
});

describe('a link', () => {
  it('leads to all records of a number, and to no other but those that failed beside them', () => {
    fc.assert(
      fc.property(fc.array(fc.subarray(records, { minLength: 1 }), { minLength: 1 }), (numbers) => {
        const used = numbers.map((own) => own.map(({ id }) => id));
        const sources = sourcesOf(groups, used);
        for (const ids of used) {
          const found = idsBehind(sources.linkTo(ids) ?? '', sources);
          const extra = found.filter((id) => !ids.includes(id));
          expect(ids.filter((id) => !found.includes(id))).toEqual([]);
          expect(extra.every((id) => records.find((record) => record.id === id)?.failure !== null)).toBe(
            true,
          );
        }
      }),
      { numRuns: 50 },
    );
  });

  it('goes straight to the group where a number has one, to the record where it has one of several', () => {
    const [first] = groups.filter((group) => group.records.length === 3);
    const ids = first!.records.map(({ id }) => id);
    const { linkTo, joined } = sourcesOf(groups, [ids]);
    expect(linkTo(ids)).toBe(`#${first!.anchor}`);
    expect(linkTo(ids.slice(0, 1))).toBe(`#record-${ids[0]}`);
    expect(joined).toEqual([]);
  });

  it('is none for what the list does not hold', () => {
    const { linkTo } = sourcesOf(groups, []);
    expect([linkTo([]), linkTo(['unknown'])]).toEqual([null, null]);
  });
});

/** Columns of what the paper prints or anyone can count. */
const notMeasured = /^(paper|O\(|power of N|multiply-adds|bytes|batch$)/;

function unlinked(all: readonly RunRecord[]): string[] {
  const view = viewOf(summarize(all), tables, all, 'a test');
  const { linkTo } = sourcesOf(view.runs, usedRecords(view));
  const isLinked = ({ records: ids = [] }: GridCell) => linkTo(ids) !== null;
  const shown = new Set(
    view.tables.flatMap((table) => table.settings.flatMap(({ grid, more }) => [grid, ...more])),
  );
  const cells = gridsOf(view)
    .filter((grid) => shown.has(grid) && grid.prose !== true)
    .flatMap((grid) => {
      const names = grid.columns.flatMap(({ columns }) => columns);
      return grid.groups.flatMap(({ rows }) =>
        rows.flatMap((row) =>
          row.cells.flatMap((cell, index) =>
            /\d/.test(cell.text) && !notMeasured.test(names[index] ?? '') && !isLinked(cell)
              ? [`${grid.id} › ${row.header} › ${names[index] ?? ''}: ${cell.text}`]
              : [],
          ),
        ),
      );
    });
  const claims = [...view.claims.paper, ...view.claims.control].filter(
    (claim) => linkTo(claim.records) === null,
  );
  const drawn = chartsOf(view).flatMap(({ id, table }) =>
    table.rows.flatMap((row, index) => {
      const isOurs = !row.includes('paper') && /\d/.test(row[table.drawn?.column ?? 0] ?? '');
      return isOurs && linkTo(table.drawn?.records[index] ?? []) === null ? [`${id}: ${row.join(', ')}`] : [];
    }),
  );
  return [...cells, ...claims.map(({ text }) => text), ...drawn];
}

describe('every number', () => {
  it('of tables, claims and charts of a whole run is linked', () => {
    expect(unlinked(planRecords('laptop'))).toEqual([]);
  });

  it('of searches for the largest batch, too', () => {
    const tries = [64, 128].map((batch) =>
      speedRecord({ batch, largestUnder: 4e9 }, batch === 64 ? [3.2, 3.3, 3.4] : [], {
        failure: batch === 64 ? null : { kind: 'out of memory', message: '' },
      }),
    );
    expect(unlinked([...tries, speedRecord({}, [0.4, 0.41, 0.42])])).toEqual([]);
  });

  it('that is a mean keeps the runs that failed out of its count', () => {
    const view = viewOf(summarize(records), tables, records, 'a test');
    const ids = records.filter(({ failure: failed }) => failed !== null).map(({ id }) => id);
    const means = gridsOf(view)
      .filter(({ id }) => id.startsWith('table-4'))
      .flatMap(({ groups: parts }) =>
        parts.flatMap(({ rows }) => rows.flatMap(({ cells }) => cells.slice(0, 2))),
      );
    expect(means.some(({ records: own = [] }) => own.length === 3)).toBe(true);
    expect(means.some(({ records: own = [] }) => own.some((id) => ids.includes(id)))).toBe(false);
  });
});
