/**
 * Runs the tests that TensorFlow.js publishes with every operation recorded, and whenever a test reads a result, builds a
 * graph of what was recorded of it, runs that in a session, and compares. Prints one line of JSON.
 */
import * as tf from '@tensorflow/tfjs-core';
import { prune } from '../../harness/backends/graph/passes.js';
import { startRecording, type Recording, type Runner } from '../../harness/backends/graph/recorder.js';
import { loadGraph } from '../../harness/backends/graph/session.js';
import { Untraceable } from '../../harness/backends/graph/untraceable.js';
import { startBackend } from '../../harness/backends/index.js';
import type { HostValues, NativeBackend } from '../../harness/backends/native-backend.js';
import { environmentOfSuite } from './tfjs-suite-environment.js';

await startBackend('tensorflow');
const { binding: original } = tf.backend() as unknown as NativeBackend;
const counts = { equal: 0, random: 0 };
const different: string[] = [];
const refused: Record<string, number> = {};
let test = '';
let recording: Recording;

const runner: Runner = {
  execute: (...call) =>
    original.executeOp(
      call[0],
      call[1],
      call[2].map(({ id }) => id),
      call[3],
    ),
  read: ({ id, values }) => {
    const expected = original.tensorDataSync(id);
    if (values === null) check(id, expected);
    return expected;
  },
  remove: (id) => {
    original.deleteTensor(id);
  },
  capture: (id) => {
    const [copy] = original.executeOp('Identity', [], [id], 1);
    if (copy === undefined) throw new Error('no copy');
    return { dtype: copy.dtype, shape: copy.shape, values: original.tensorDataSync(copy.id) };
  },
};

/** Compares what was computed op by op with what a graph of the same ops computes. */
function check(id: number, expected: HostValues): void {
  try {
    const { output } = recording.find(id);
    const nodes = prune(recording.nodes, [output]);
    if (nodes.some(({ op }) => /^(Random|Multinomial|TruncatedNormal|StatelessRandom)/.test(op))) {
      counts.random++;
      return;
    }
    const session = loadGraph(original, nodes);
    const [result] = session.run(new Map(), [output]);
    session.dispose();
    if (result === undefined) throw new Error('no result');
    if (isSame(original.tensorDataSync(result.id), expected)) counts.equal++;
    else different.push(test);
    original.deleteTensor(result.id);
  } catch (error) {
    const why = error instanceof Untraceable ? `${error.kind}: ${error.detail}` : String(error);
    const node = /node (n\d+)/.exec(why)?.[1];
    const op = recording.nodes.find(({ name }) => name === node)?.op ?? '?';
    const attribute = /No attr named '(\w+)'/.exec(why)?.[1];
    const reason = attribute === undefined ? why : `no attribute ${attribute}`;
    refused[`${op}: ${reason}`] = (refused[`${op}: ${reason}`] ?? 0) + 1;
  }
}

/** Bit for bit but for NaNs, and for sums whose order a session may choose. */
function isSame(a: HostValues, b: HostValues): boolean {
  if (a.length !== b.length) return false;
  if (!ArrayBuffer.isView(a) || !ArrayBuffer.isView(b)) return a.join() === b.join();
  return Array.from<number | bigint>(a).every((value, i) => {
    const [x, y] = [Number(value), Number(b[i])];
    return Object.is(x, y) || x === y || Math.abs(x - y) <= 1e-5 * Math.max(1, Math.abs(y));
  });
}

/**
 * Each test is a recording of its own, so that graphs stay small; what was made before is captured. Jasmine's set-up makes
 * the backend anew now and then.
 */
function startTest(name: string): void {
  test = name;
  recording = startRecording(original, runner, 'n');
  (tf.backend() as unknown as NativeBackend).binding = recording.binding;
}

startTest('before the first');
const environment = environmentOfSuite();
let passed = 0;
const failed: string[] = [];
environment.addReporter({
  specStarted: ({ fullName }) => {
    startTest(fullName);
  },
  specDone: ({ fullName, status }) => {
    if (status === 'passed') passed++;
    else if (status === 'failed') failed.push(fullName);
  },
});
await environment.execute();
process.stdout.write(`${JSON.stringify({ passed, failed, ...counts, different, refused })}\n`);
process.exit(0);
