/** A worker measures only what it would plan the same way. */
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type BenchOptions, openBench } from '../../../harness/distributed/bench.js';
import { orderOf } from '../../../harness/distributed/order.js';
import type { CellRequest } from '../../../harness/run-cell.js';
import { fingerprint } from '../../../harness/fingerprint.js';
import { withoutPassword } from '../../../harness/passwords.js';
import { planJobs } from '../../../harness/plan.js';
import { goodOutcome, overAtOnce, speedCell, trainedCell } from '../cells.js';
import { tree } from '../folders.js';

const terms = {
  fresh: false,
  preset: 'smoke',
  commandLine: ['formerbench', 'x'],
  limits: { seconds: 7, memoryBytes: null },
};
const never = new AbortController().signal;

async function benchOn(backend: string, checkpoints?: BenchOptions['checkpoints']) {
  const asked: { request: CellRequest; seconds: number }[] = [];
  const bench = await openBench({
    ...{ workers: 2, backend, dataFolders: ['here'], plugins: [], predict: () => null },
    limits: { seconds: 100, memoryBytes: 1e9 },
    ...(checkpoints === undefined ? {} : { checkpoints }),
    start: (request, { seconds }) => {
      asked.push({ request, seconds });
      return overAtOnce({ outcome: goodOutcome });
    },
  });
  return { bench, asked };
}

const [job] = planJobs([trainedCell], new Map());
const [timed] = planJobs([speedCell], new Map());

test('the record is of the run that asks, measured with data of this machine', async () => {
  const { bench, asked } = await benchOn('wasm');
  const record = await bench.measure(orderOf(job!, terms), never, () => undefined);
  expect(record).toMatchObject({ id: job!.id, metrics: { accuracy: 0.5 } });
  expect(record?.provenance).toMatchObject({ preset: 'smoke', commandLine: ['formerbench', 'x'] });
  expect(asked).toMatchObject([{ request: { dataFolders: ['here'] }, seconds: 7 }]);
  await bench.close();
});

test('an order of other sources is refused and says what to do', async () => {
  const { bench, asked } = await benchOn('wasm');
  const order = { ...orderOf(job!, terms), id: '00000000000000aa' };
  await expect(bench.measure(order, never, () => undefined)).rejects.toThrow(/other sources.*same version/);
  expect(asked).toEqual([]);
  await bench.close();
});

test('on another backend a cell is trained under its own id, and none is timed', async () => {
  const { bench, asked } = await benchOn('cpu');
  const record = await bench.measure(orderOf(job!, terms), never, () => undefined);
  expect([record?.id, record?.cell.backend]).toEqual([job!.id, 'wasm']);
  expect(asked[0]?.request.cell.backend).toBe('cpu');
  await expect(bench.measure(orderOf(timed!, terms), never, () => undefined)).rejects.toThrow(
    'to be timed on wasm',
  );
  await bench.close();
});

test('of a cell that is to be forgotten no checkpoint is left; without a place for them there is none', async () => {
  const folder = tree({
    [`${job!.id}-1.safetensors`]: 'half-way',
    '00000000000000aa-1.safetensors': 'other',
  });
  const { bench } = await benchOn('wasm', { folder, everySeconds: 60 });
  await bench.forget(job!.id);
  expect(readdirSync(folder)).toEqual(['00000000000000aa-1.safetensors']);
  await bench.close();
  const { bench: keepsNone } = await benchOn('wasm');
  await keepsNone.forget(job!.id);
  await keepsNone.close();
});

test('the fingerprint is of sources and plugins, not of their places', () => {
  const root = (text: string) => tree({ 'architectures/a.ts': text, 'tasks/b.ts': '', 'harness/c/d.ts': '' });
  const plugin = (text: string) => `${tree({ 'p.ts': text })}/p.ts`;
  expect(fingerprint([], root('1'))).toBe(fingerprint([], root('1')));
  expect(fingerprint([], root('1'))).not.toBe(fingerprint([], root('2')));
  const [x, y, z] = [plugin('x'), plugin('y'), plugin('x')];
  expect(fingerprint([x, y], root('1'))).toBe(fingerprint([y, z], root('1')));
  expect(fingerprint([x], root('1'))).not.toBe(fingerprint([y], root('1')));
});

test('no password is printed', () => {
  expect(withoutPassword('at rediss://u:p@h:1/0 and redis://:p@h')).toBe('at rediss://h:1/0 and redis://h');
  expect(withoutPassword('redis://h:1')).toBe('redis://h:1');
});
