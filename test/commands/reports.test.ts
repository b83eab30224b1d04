/** The commands that read records: report, verify-report, compare. Nothing here trains. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RunRecord } from '../../harness/record.js';
import { temporaryFolder } from '../harness/folders.js';
import { sampleRecords } from '../support/records.js';
import { formerbench } from './formerbench.js';

function folderOf(records: readonly RunRecord[]): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'records'));
  for (const record of records)
    writeFileSync(join(folder, 'records', `${record.id}.json`), JSON.stringify(record));
  return folder;
}

const slower = (record: RunRecord): RunRecord => ({
  ...record,
  samples: record.samples?.map((seconds) => 2 * seconds) ?? null,
});

const sample = () => folderOf(sampleRecords(['brown']));
const slowed = () => folderOf(sampleRecords(['brown']).map(slower));

describe('verify-report', () => {
  test('agrees with a page that `report` wrote, and names the first number that was changed: code 1', async () => {
    const base = sample();
    expect((await formerbench('report', base)).code).toBe(0);
    const page = join(base, 'report.html');
    const good = await formerbench('verify-report', page);
    expect([good.code, good.stderr]).toEqual([0, '']);
    expect(good.stdout).toMatch(/all \d+ texts with numbers are what \d+ records give/);
    const html = readFileSync(page, 'utf8');
    const cell = /<td[^>]*><a [^>]*>(\d\d\.\d ± \d\.\d)<\/a><\/td>/.exec(html)!;
    writeFileSync(page, html.replace(cell[0], cell[0].replace(cell[1]!, '99.9 ± 0.1')));
    const bad = await formerbench('verify-report', page, '--json');
    expect(bad.code).toBe(1);
    expect(JSON.parse(bad.stdout)).toMatchObject({
      verified: false,
      difference: { page: '99.9 ± 0.1', records: cell[1] },
    });
  });

  test('finds a record inside the page that is not the one beside it', async () => {
    const folder = sample();
    await formerbench('report', folder);
    const [record] = sampleRecords(['brown']);
    const file = join(folder, 'records', `${record!.id}.json`);
    writeFileSync(file, JSON.stringify({ ...record, seconds: 1.25 }));
    const { code, stdout } = await formerbench('verify-report', join(folder, 'report.html'));
    expect(code).toBe(1);
    expect(stdout).toContain(`record ${record!.id} › seconds`);
    expect(stdout).toContain('1.25');
  });

  test('says what is missing of a file that is no page of ours, and of none', async () => {
    const file = join(temporaryFolder(), 'page.html');
    writeFileSync(file, '<p>84.3 %</p>');
    const { code, stderr } = await formerbench('verify-report', file);
    expect([code, stderr]).toEqual([1, expect.stringContaining('no records inside')]);
    expect((await formerbench('verify-report', `${file}.missing`)).stderr).toContain('cannot read');
  });
});

describe('compare', () => {
  test('prints what is worse, writes a page, and ends with code 4 by a gate', async () => {
    const out = join(temporaryFolder(), 'comparison.html');
    const { code, stdout } = await formerbench(
      'compare',
      sample(),
      slowed(),
      '--out',
      out,
      '--fail-on',
      'slower:5%,memory:1%',
    );
    expect(code).toBe(4);
    expect(stdout).toMatch(/^worse +Fastformer, training at length 128/m);
    expect(stdout).toContain('gate TRIPPED: slower');
    expect(stdout).toContain('gate passed: more memory');
    expect(readFileSync(out, 'utf8')).toContain('worse');
  });

  test('is one JSON document with --json, and code 0 where nothing is worse', async () => {
    const out = join(temporaryFolder(), 'comparison.html');
    const { code, stdout } = await formerbench(
      'compare',
      slowed(),
      sample(),
      '--out',
      out,
      '--json',
      '--fail-on',
      'slower',
    );
    const found = JSON.parse(stdout) as { changes: { verdict: string }[]; gates: { tripped: boolean }[] };
    expect([code, found.gates[0]!.tripped]).toEqual([0, false]);
    expect(found.changes.some(({ verdict }) => verdict === 'better')).toBe(true);
  });

  test('does not pass a gate that had nothing to judge', async () => {
    const scores = folderOf(sampleRecords(['brown']).filter(({ cell }) => cell.kind !== 'speed'));
    const out = join(temporaryFolder(), 'comparison.html');
    const { code, stderr } = await formerbench(
      'compare',
      scores,
      scores,
      '--out',
      out,
      '--fail-on',
      'slower:5%',
    );
    expect([code, stderr]).toEqual([1, expect.stringContaining('nothing to judge slower by')]);
    const both = await formerbench('compare', scores, scores, '--out', out, '--fail-on', 'slower,accuracy');
    expect([both.code, both.stderr]).toEqual([0, expect.stringContaining('nothing to judge slower by')]);
  });
});

describe('report of two folders', () => {
  test('says where the records come from, and how many stand aside', async () => {
    const out = join(temporaryFolder(), 'report.html');
    const { code, stderr } = await formerbench('report', sample(), slowed(), '--out', out);
    expect(code).toBe(0);
    expect(stderr).toContain('stand aside');
    expect(readFileSync(out, 'utf8')).toContain('Where the records come from');
    expect((await formerbench('verify-report', out)).code).toBe(0);
  });
});
