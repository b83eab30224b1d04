/** Small parts of the commands that read records. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseGates } from '../../cli/commands/compare.js';
import { openInBrowser, opener } from '../../cli/open-file.js';
import { sourceNames } from '../../cli/source-names.js';
import { tablesFolder, writeReport } from '../../cli/write-report.js';
import { temporaryFolder } from '../harness/folders.js';
import { sampleRecords } from '../support/records.js';

describe('gates on the command line', () => {
  it('are names with a limit in percent, or with none', () => {
    expect(parseGates('slower:5%,memory:1,accuracy')).toEqual([
      { name: 'slower', limit: 0.05 },
      { name: 'memory', limit: 0.01 },
      { name: 'accuracy', limit: 0 },
    ]);
  });

  it.each(['faster:5%', 'slower:', 'slower:x', 'slower:-1%', 'slower:1%,slower:2%', ''])(
    'are not %j',
    (text) => {
      expect(() => parseGates(text)).toThrow(/gate|twice|comma/);
    },
  );
});

describe('the names of folders', () => {
  it('are the ends of their paths, as much as tells them apart, and never a whole path', () => {
    expect(sourceNames(['/home/me/a', '/home/me/b'])).toEqual(['a', 'b']);
    expect(sourceNames(['/home/me/a/results', '/home/me/b/results'])).toEqual(['a/results', 'b/results']);
    expect(sourceNames(['/x/results', '/x/results'])).toEqual(['folder 1', 'folder 2']);
  });
});

describe('--open', () => {
  it('knows the program of each system', () => {
    expect((['linux', 'darwin', 'win32'] as const).map((platform) => opener(platform)[0])).toEqual([
      'xdg-open',
      'open',
      'explorer.exe',
    ]);
  });

  it('starts the program with the whole path of the file', async () => {
    const folder = temporaryFolder();
    const seen = join(folder, 'seen');
    await openInBrowser('page.html', [
      process.execPath,
      '-e',
      `require('fs').writeFileSync(${JSON.stringify(seen)}, process.argv[1])`,
    ]);
    await expect
      .poll(() => existsSync(seen) && readFileSync(seen, 'utf8'), { timeout: 20_000 })
      .toBe(join(process.cwd(), 'page.html'));
  });

  it('says what to do where there is no such program', async () => {
    await expect(openInBrowser('page.html', ['no-such-program-here'])).rejects.toThrow(
      'open it in any browser',
    );
  });
});

/** Without speed, whose intervals take most of the time. */
const scores = (datasets: readonly string[]) =>
  sampleRecords(datasets).filter(({ cell }) => cell.kind !== 'speed');

describe('the files beside a page', () => {
  it('hold every table in four forms, and none of an earlier page; what is not ours stays', async () => {
    const file = join(temporaryFolder(), 'report.html');
    await writeReport(file, scores(['brown', 'spam-assassin']), 'records');
    const folder = tablesFolder(file);
    const before = readdirSync(folder);
    for (const name of ['table-4-1.csv', 'table-4-2.json', 'pareto.md', 'accuracy-table-4-1.csv'])
      expect(before).toContain(name);
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    await writeReport(file, scores(['brown']), 'records');
    const after = readdirSync(folder);
    expect(after).not.toContain('table-4-2.json');
    expect(after).toContain('notes.txt');
    expect(after.filter((name) => name.startsWith('table-4-1.'))).toHaveLength(4);
    const rows = JSON.parse(readFileSync(join(folder, 'table-4-1.json'), 'utf8')) as Record<string, string>[];
    expect(rows.map((row) => row['Architecture'])).toContain('Fastformer');
    expect(rows.find((row) => row['Architecture'] === 'Fastformer')!['Records']!.split(' ')).toHaveLength(3);
  });
});
