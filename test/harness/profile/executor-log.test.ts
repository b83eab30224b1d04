import { expect, it } from 'vitest';
import { parseExecutorLog } from '../../../harness/profile/executor-log.js';

const header = (time: string, thread = 7) => `I0000 00:00:${time}  ${thread} executor.cc:879] `;
const node = (id: number, name: string, op: string, inputs: string) =>
  `${id} step 3 {{node ${name}}} = ${op}[T=DT_FLOAT, fused_ops=["BiasAdd"], _device="/device:CPU:0"](${inputs}) device: /device:CPU:0`;
const begins = (time: string, ...about: Parameters<typeof node>) =>
  `${header(time)}Process node: ${node(...about)}`;
const ends = (time: string, ...about: Parameters<typeof node>) =>
  `${header(time, 9)}Synchronous kernel done: ${node(...about)}`;

it('pairs the beginning and the end of each node, two at once too', () => {
  const [a, b] = [
    [5, 't0/n1', 'Mul', 't0/n0, t0/n0:1'],
    [6, 't0/n2', '_FusedMatMul', 't0/n0, state/1/read, ^t0/n9'],
  ] as const;
  const log = [
    'I0000 00:00:10.000000  7 loader.cc:471] SavedModel load',
    begins('10.000100', ...a),
    begins('10.000200', ...b),
    ends('10.000700', ...b),
    ends('10.001100', ...a),
  ];
  const runs = parseExecutorLog(`${log.join('\n')}\n`);
  expect(runs.map(({ seconds, ...run }) => ({ ...run, microseconds: Math.round(1e6 * seconds) }))).toEqual([
    { node: 't0/n2', op: '_FusedMatMul', inputs: ['t0/n0', 'state/1/read'], microseconds: 500 },
    { node: 't0/n1', op: 'Mul', inputs: ['t0/n0', 't0/n0:1'], microseconds: 1000 },
  ]);
});

it('counts a node once for each step that it runs in, and not where its beginning is missing', () => {
  const about = [5, 'x', 'Add', ''] as const;
  const log = [begins('1.000000', ...about), ends('1.000002', ...about), ends('1.000003', ...about)];
  expect(parseExecutorLog(log.join('\n'))).toHaveLength(1);
  expect(parseExecutorLog([...log, ...log].join('\n'))).toHaveLength(2);
});
