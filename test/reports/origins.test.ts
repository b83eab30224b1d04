/** Records of several machines in one report: scores join, times never do. */
import { describe, expect, it } from 'vitest';
import { buildReport } from '../../reports/index.js';
import { mergeSources } from '../../reports/origins.js';
import { summarize } from '../../reports/summary.js';
import { timesOf } from '../../reports/summary/training-times.js';
import type { RunRecord } from '../../harness/record.js';
import { accuracyRecord, sampleRecords, speedRecord } from '../support/records.js';

const elsewhere = (record: RunRecord, changes: Partial<RunRecord['provenance']> = {}): RunRecord => ({
  ...record,
  provenance: { ...record.provenance, cpu: 'Other CPU', cores: 64, ...changes },
});

const later = '2026-03-01T00:00:00.000Z';

describe('merged records', () => {
  it('are the same whatever the order of the folders', () => {
    const [here, there] = [sampleRecords(), sampleRecords().map((record) => elsewhere(record))];
    const one = mergeSources([
      { name: 'a', records: here },
      { name: 'b', records: there },
    ]);
    const other = mergeSources([
      { name: 'b', records: there },
      { name: 'a', records: here },
    ]);
    expect(other.records).toEqual(one.records);
    expect(other.origins.leftOut).toEqual(one.origins.leftOut);
  });

  it('hold a score once, the run that ended last, and say what stands aside', () => {
    const early = accuracyRecord({ seed: 1 }, 0.7);
    const late = elsewhere(accuracyRecord({ seed: 1 }, 0.8), { endedAt: later });
    const { records, origins } = mergeSources([
      { name: 'a', records: [early] },
      { name: 'b', records: [late] },
    ]);
    expect(records.map(({ metrics }) => metrics['accuracy'])).toEqual([0.8]);
    expect(origins.leftOut).toEqual([{ id: early.id, source: 'a', keptId: late.id, keptSource: 'b' }]);
  });

  it('say nothing of a copy of the same file', () => {
    const record = accuracyRecord({ seed: 1 }, 0.7);
    const { records, origins } = mergeSources([
      { name: 'a', records: [record] },
      { name: 'b', records: [structuredClone(record)] },
    ]);
    expect([records.length, origins.leftOut]).toEqual([1, []]);
  });

  it('never mix times of two machines: each has its own setting of speed', () => {
    const here = speedRecord({ length: 512 }, [1, 1.01, 0.99]);
    const there = elsewhere(speedRecord({ length: 512 }, [0.1, 0.101, 0.099]));
    expect(here.id).toBe(there.id);
    const { records } = mergeSources([
      { name: 'a', records: [here] },
      { name: 'b', records: [there] },
    ]);
    const figure = summarize(records).tables.find(({ name }) => name === 'figure-2')!;
    const settings = figure.settings.filter((setting) => setting.kind === 'speed');
    expect(settings.map(({ points }) => points.map(({ median }) => median))).toEqual([[1], [0.1]]);
    expect(new Set(settings.map(({ title }) => title)).size).toBe(2);
  });

  it('give training times of the machine with most runs only, and scores of all', () => {
    const own = [1, 2].map((seed) => accuracyRecord({ seed }, 0.8, { seconds: 40 }));
    const other = elsewhere(accuracyRecord({ seed: 3 }, 0.9, { seconds: 1 }));
    const row = { records: [...own, other] };
    expect(timesOf(row, [row])).toEqual([40, 40]);
    expect(timesOf({ records: [other] }, [row])).toEqual([]);
  });
});

describe('the page of merged records', () => {
  it('says which records come from which machine and folder, and has each id once', async () => {
    const here = sampleRecords(['brown']);
    const there = here.filter(({ cell }) => cell.kind === 'speed').map((record) => elsewhere(record));
    const { records, origins } = mergeSources([
      { name: 'laptop', records: here },
      { name: 'server', records: there },
    ]);
    const html = await buildReport(records, { generatedFrom: 'two folders', origins });
    const table = /<table id="origins">[\s\S]*?<\/table>/.exec(html)![0];
    for (const text of ['laptop', 'server', 'A: Example CPU', 'B: Other CPU']) expect(table).toContain(text);
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id!);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it('says nothing of origins for one machine and folder', async () => {
    expect(
      (await buildReport(sampleRecords(['brown']), { generatedFrom: 'x' })).includes('id="origins"'),
    ).toBe(false);
  });
});
