/**
 * kill -9 of the program or of any process below it, at random moments of a small run, again and again: nothing that was
 * recorded is lost, and what comes out in the end is what an undisturbed run gives.
 *
 * FORMERBENCH_KILLS says how many (FORMERBENCH_KILL_SEED which ones); the number here is what a check of every change
 * can afford.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { congruential32 } from 'pure-rand/generator/congruential32';
import { expect, test, vi } from 'vitest';
import { type Ended, formerbench, start } from '../commands/formerbench.js';
import { temporaryFolder } from '../harness/folders.js';
import { isRunning } from '../harness/processes.js';
import { expectSameReport } from '../support/same-report.js';
import { brownTable } from './brown-table.js';

const kills = Number(process.env['FORMERBENCH_KILLS'] ?? 6);
const seed = Number(process.env['FORMERBENCH_KILL_SEED'] ?? 1);

const generator = congruential32(seed);
/** From 0 to 1. */
const random = (): number => (generator.next() >>> 0) / 2 ** 32;

const plan = (out: string) => [
  ...brownTable,
  ...['--architectures', 'none', '--backend', 'wasm', '--workers', '2', '--out', out, '--json'],
];
const planned = 3;

/** Ids of the processes below one, however deep. */
function below(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    const children = text === '' ? [] : text.split(' ').map(Number);
    return [...children, ...children.flatMap(below)];
  } catch {
    return [];
  }
}

function recordsIn(out: string): Map<string, string> {
  const folder = join(out, 'records');
  const names = readdirSync(folder, { withFileTypes: true }).map(({ name }) => name);
  return new Map(
    names
      .filter((name) => name.endsWith('.json'))
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const)
      .filter(([, text]) => !text.includes('"kind": "crashed"')),
  );
}

const finished = (out: string): Map<string, string> => {
  try {
    return recordsIn(out);
  } catch {
    return new Map(); // Killed before it made the folder.
  }
};

type Victim = 'the program' | 'a child' | 'nobody';

async function runAndKill(out: string, span: number): Promise<{ victim: Victim; ended: Ended }> {
  const { child, ended } = start(plan(out));
  const over = () => child.exitCode !== null || child.signalCode !== null;
  const moment = performance.now() + random() * span;
  const atChild = random() < 0.5;
  let processes = below(child.pid!);
  while (!over() && (performance.now() < moment || (atChild && processes.length === 0))) {
    await setTimeout(10);
    processes = below(child.pid!);
  }
  const wanted = atChild ? processes[Math.floor(random() * processes.length)] : undefined;
  const victim: Victim = over() ? 'nobody' : wanted === undefined ? 'the program' : 'a child';
  try {
    if (!over()) process.kill(wanted ?? child.pid!, 'SIGKILL');
  } catch {
    // It ended just now by itself.
  }
  const end = await ended;
  await vi.waitFor(() => {
    expect(processes.filter(isRunning), 'no process is left').toEqual([]);
  }, 10_000);
  return { victim, ended: end };
}

test.runIf(process.platform === 'linux')(
  `${kills} kills at random moments lose nothing`,
  { timeout: Math.max(600_000, kills * 60_000) },
  async () => {
    const undisturbed = temporaryFolder();
    const begin = performance.now();
    const whole = await formerbench(...plan(undisturbed));
    const span = performance.now() - begin;
    expect(whole.code).toBe(0);
    const count = { 'the program': 0, 'a child': 0, nobody: 0 };
    let reports = 0;
    while (count['the program'] + count['a child'] < kills) {
      const out = temporaryFolder();
      for (let done = 0; done < planned && count['the program'] + count['a child'] < kills; ) {
        const before = finished(out);
        const { victim, ended } = await runAndKill(out, span);
        count[victim] += 1;
        const after = finished(out);
        for (const [name, text] of before) expect(after.get(name), `${name} (seed ${seed})`).toBe(text);
        if (victim === 'a child') {
          expect([0, 1, 3], ended.stderr).toContain(ended.code);
          expect(ended.stderr, 'no stack trace').not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
        }
        done = after.size;
      }
      const before = finished(out);
      const end = await formerbench(...plan(out));
      expect(end.code).toBe(0);
      const { cells } = JSON.parse(end.stdout) as { cells: object };
      expect(cells).toMatchObject({ ran: planned - before.size, reused: before.size, failed: 0 });
      expect(readdirSync(join(out, 'records')).filter((name) => name.endsWith('.tmp'))).toEqual([]);
      await expectSameReport([undisturbed, whole.stdout], [out, end.stdout]);
      reports += 1;
    }
    console.log(`kills of the program: ${count['the program']}, of a child: ${count['a child']};`, {
      ...{ tooLate: count.nobody, reports, seed },
    });
  },
);
