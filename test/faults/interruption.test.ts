/** Runs that are stopped half-way lose nothing, and the next run does only what is missing. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { start } from '../commands/formerbench.js';
import { temporaryFolder } from '../harness/folders.js';
import { isRunning } from '../harness/processes.js';
import { brownTable } from './brown-table.js';

const smallRun = (out: string) => [
  ...brownTable,
  ...['--architectures', 'none,fastformer', '--backend', 'wasm', '--workers', '1', '--out', out, '--json'],
];
const planned = 4;

interface Summary {
  readonly cells: { readonly planned: number; readonly ran: number; readonly reused: number };
}

/** Bytes of every record by file name. */
function recordsIn(out: string): Map<string, Buffer> {
  const folder = join(out, 'records');
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return new Map(names.map((name) => [name, readFileSync(join(folder, name))]));
}

/** Ids of the processes that a process has started. */
const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);

/** Runs again to the end: only what is missing is run, and what was there stays byte for byte. */
async function expectToResume(out: string): Promise<void> {
  const before = recordsIn(out);
  expect(before.size).toBeGreaterThan(0);
  expect(before.size).toBeLessThan(planned);
  const { code, stdout } = await start(smallRun(out)).ended;
  expect(code).toBe(0);
  expect((JSON.parse(stdout) as Summary).cells).toMatchObject({
    planned,
    ran: planned - before.size,
    reused: before.size,
  });
  const after = recordsIn(out);
  expect(after.size).toBe(planned);
  for (const [name, bytes] of before) expect(after.get(name), name).toEqual(bytes);
  expect(readdirSync(join(out, 'records')).filter((name) => name.endsWith('.tmp'))).toEqual([]);
}

describe.runIf(process.platform === 'linux')('kill -9 of the program', () => {
  test('ends its children, and the next run resumes', async () => {
    const out = temporaryFolder();
    const { child, ended, said } = start(smallRun(out));
    await said('[2/4]');
    await vi.waitFor(() => {
      expect(childrenOf(child.pid!)).not.toEqual([]);
    });
    const children = childrenOf(child.pid!);
    child.kill('SIGKILL');
    expect((await ended).signal).toBe('SIGKILL');
    await vi.waitFor(() => {
      expect(children.filter(isRunning)).toEqual([]);
    }, 10_000);
    await expectToResume(out);
  });
});

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s stops in order with code 130, a report and how to go on',
  async (signal) => {
    const out = temporaryFolder();
    const { child, ended, said } = start(smallRun(out));
    await said('[1/4]');
    child.kill(signal);
    const { code, stdout, stderr } = await ended;
    expect(code).toBe(130);
    expect(stderr).toContain('the same command runs only what is missing');
    expect((JSON.parse(stdout) as Summary).cells.planned).toBe(planned);
    expect(existsSync(join(out, 'report.html'))).toBe(true);
    await expectToResume(out);
  },
);

test('a second Ctrl-C ends at once', async () => {
  const { child, ended, said } = start(smallRun(temporaryFolder()));
  await said('[1/4]');
  child.kill('SIGINT');
  await said('stopping');
  await new Promise((resolve) => setTimeout(resolve, 400));
  const begin = performance.now();
  child.kill('SIGINT');
  const { code } = await ended;
  expect(code).toBe(130);
  expect(performance.now() - begin).toBeLessThan(2000);
});

test('after the time budget nothing starts, and the report is written', async () => {
  const out = temporaryFolder();
  // More cells than any machine runs in this time, of which even a busy one starts the first.
  const { code, stdout, stderr } = await start([...smallRun(out), '--seeds', '20', '--time-budget', '5s'])
    .ended;
  const { cells } = JSON.parse(stdout) as Summary;
  expect(code).toBe(0);
  expect(cells.ran).toBeGreaterThan(0);
  expect(cells.ran).toBeLessThan(cells.planned);
  expect(stderr).toContain('the same command runs only what is missing');
  expect(existsSync(join(out, 'report.html'))).toBe(true);
});
