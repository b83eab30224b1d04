/** Cells that are killed in the middle of training go on there, and come to the numbers of a run that nobody disturbed. */
import { existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { congruential32 } from 'pure-rand/generator/congruential32';
import { describe, expect, test } from 'vitest';
import { readRecords } from '../../harness/read-records.js';
import type { RunRecord } from '../../harness/record.js';
import { type Ended, formerbench, type Running, start } from '../commands/formerbench.js';
import { temporaryFolder } from '../harness/folders.js';
import { withoutTimes } from '../support/same-report.js';
import { brownTable } from './brown-table.js';

const generator = congruential32(Number(process.env['FORMERBENCH_KILL_SEED'] ?? 1));
/** From 0 to 1. */
const random = (): number => (generator.next() >>> 0) / 2 ** 32;

const longCell = (out: string) => [
  ...['run', '--architecture', 'fastformer', '--dataset', 'brown', '--preset', 'smoke', '--backend', 'wasm'],
  ...['--epochs', '12', '--checkpoint-every', '0.1s', '--out', out, '--json'],
];

/** When the checkpoint of a run was last written; 0 where there is none. */
function writtenAt(out: string): number {
  try {
    const folder = join(out, 'checkpoints');
    const [name] = readdirSync(folder).filter((each) => each.endsWith('.safetensors'));
    return name === undefined ? 0 : statSync(join(folder, name)).mtimeMs;
  } catch {
    return 0;
  }
}

/** Waits until a running program has written a checkpoint of its own. @returns false when it ended before */
async function untilWritten(out: string, { child }: Running): Promise<boolean> {
  const before = writtenAt(out);
  while (writtenAt(out) <= before) {
    if (child.exitCode !== null || child.signalCode !== null) return false;
    await setTimeout(5);
  }
  return true;
}

const recordOf = async (out: string): Promise<RunRecord> => {
  const [record] = await readRecords([out]);
  return record!;
};

/** @returns how it ended, when all of it has */
async function killed(running: Running, pid: number): Promise<Ended> {
  process.kill(pid, 'SIGKILL');
  return running.ended;
}

describe.runIf(process.platform === 'linux')('kill -9 in the middle of training', () => {
  const childrenOf = (pid: number): number[] =>
    readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);

  test('of the program and of its child, at random steps: the same numbers, and a record that says so', async () => {
    const [undisturbed, out] = [temporaryFolder(), temporaryFolder()];
    expect((await formerbench(...longCell(undisturbed))).code).toBe(0);
    const expected = await recordOf(undisturbed);
    expect(expected.resumed).toBe(0);
    let kills = 0;
    for (let tries = 0; tries < 6; tries++) {
      const running = start(longCell(out));
      if (!(await untilWritten(out, running))) break;
      await setTimeout(random() * 400);
      const victims = [running.child.pid!, ...childrenOf(running.child.pid!)];
      await killed(running, victims[tries % victims.length]!);
      kills += 1;
    }
    expect(kills).toBeGreaterThan(2);
    const { code, stderr } = await formerbench(...longCell(out));
    expect(code, stderr).toBe(0);
    const record = await recordOf(out);
    expect(record.resumed).toBeGreaterThan(2);
    expect(withoutTimes({ ...record, resumed: 0 })).toEqual(withoutTimes(expected));
    expect(readdirSync(join(out, 'checkpoints'))).toEqual([]);
  });

  test('a damaged checkpoint is named in one message, and the cell starts again', async () => {
    const out = temporaryFolder();
    const running = start(longCell(out));
    expect(await untilWritten(out, running)).toBe(true);
    await killed(running, running.child.pid!);
    const [name = ''] = readdirSync(join(out, 'checkpoints'));
    const file = join(out, 'checkpoints', name);
    truncateSync(file, 1000);
    const { code, stderr } = await formerbench(...longCell(out));
    expect(code).toBe(0);
    expect(stderr.split('\n').filter((line) => line.includes(file))).toEqual([
      `fastformer on brown, seed 1: the checkpoint ${file} is cut short; training starts again`,
    ]);
    expect((await recordOf(out)).resumed).toBe(0);
  });

  test('a cell that is asked for anew does not go on where an earlier run was stopped', async () => {
    const out = temporaryFolder();
    const running = start([...longCell(out), '--fresh']);
    expect(await untilWritten(out, running)).toBe(true);
    running.child.kill('SIGINT');
    expect((await running.ended).stderr).toContain('the same command starts this cell again');
    expect(readdirSync(join(out, 'checkpoints'))).toHaveLength(1);
    const other = join(out, 'checkpoints', '00000000000000aa-1.safetensors');
    writeFileSync(other, 'of a cell that is not asked for');
    const { code, stderr } = await formerbench(...longCell(out), '--fresh');
    expect(code, stderr).toBe(0);
    expect((await recordOf(out)).resumed).toBe(0);
    expect(existsSync(other)).toBe(true);
  });
});

describe.each(['SIGINT', 'SIGTERM'] as const)('%s in the middle of training', (signal) => {
  test('ends within 3 s with a report of what is there, and the next run goes on in the cell', async () => {
    const out = temporaryFolder();
    const table = [
      ...brownTable,
      ...['--architectures', 'fastformer', '--backend', 'wasm', '--workers', '1'],
      ...['--checkpoint-every', '0.02s', '--out', out, '--json'],
    ];
    const running = start(table);
    expect(await untilWritten(out, running)).toBe(true);
    const begin = performance.now();
    running.child.kill(signal);
    const { code, stdout, stderr } = await running.ended;
    const seconds = (performance.now() - begin) / 1000;
    expect(code).toBe(130);
    expect(seconds).toBeLessThan(3 * Math.max(1, loadavg()[0]! / availableParallelism()));
    console.log(`${signal}: ended after ${seconds.toFixed(2)} s`);
    expect(stderr).toContain('the same command runs only what is missing');
    const { report, cells } = JSON.parse(stdout) as { report: string; cells: object };
    expect(cells).toMatchObject({ planned: 3, ran: 2, left: 1 });
    expect(readFileSync(report, 'utf8')).toContain('</html>');
    const again = await formerbench(...table);
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ cells: { ran: 1, reused: 2 } });
    const records = await readRecords([out]);
    expect(records.map(({ resumed }) => resumed).sort(), again.stderr).toEqual([0, 0, 1]);
  });
});
