/**
 * Runs a speed cell: the time of one step on random tokens, and the memory it takes.
 *
 * The timed region is the step and the read-back of its loss, which waits for any device; nothing else. Samples are kept
 * raw. The model is the encoder with a head of a few classes, as for classification.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar } from '@tensorflow/tfjs-core';
import { Bench } from 'tinybench';
import type { Architecture } from '../architectures/contract.js';
import { createEncoder } from '../architectures/encoder.js';
import { stream } from '../architectures/random.js';
import { createParameters } from '../architectures/scope.js';
import type { Parameters } from '../architectures/scope.js';
import { createClassifier } from '../tasks/classification/model.js';
import type { BatchTensors, Model } from '../tasks/contract.js';
import { createAdam } from './adam.js';
import type { BackendInfo } from './backends/index.js';
import { compile } from './backends/compile.js';
import type { SpeedCell } from './cell.js';
import type { Report } from './cell-event.js';
import { countParameters } from './costs.js';
import { baselineResidentBytes, memoryOf, peakTensorBytes } from './memory.js';
import { emptyOutcome } from './outcome.js';
import type { Outcome } from './record.js';
import { compileTrainingStep, readNumber, toTensors } from './training-step.js';

export async function runSpeed(
  cell: SpeedCell,
  architecture: Architecture,
  backend: BackendInfo,
  report: Report,
): Promise<Outcome> {
  const baseline = baselineResidentBytes();
  const parameters = createParameters(cell.seed);
  const options = architecture.options.parse(cell.options);
  const encoder = createEncoder(parameters.scope, architecture, options, cell.encoder, cell.vocabulary);
  const model = createClassifier(parameters.scope, encoder, cell.classes);
  const batch = toTensors(randomBatch(cell));
  const { run, execution, dispose } =
    cell.mode === 'training' ? trainingStep(model, parameters, batch) : inferenceStep(model, batch);

  report({ kind: 'phase', text: `timing ${cell.samples} steps after ${cell.warmup} to warm up` });
  const samples = await timeSteps(run, cell);
  const memory = memoryOf(baseline, null);
  const tensorBytes = await peakTensorBytes(() => {
    run().dispose();
  });
  const finalLoss = await readNumber(run());
  const cost = architecture.cost(cell.encoder, options);
  const outcome: Outcome = {
    ...emptyOutcome,
    backend,
    execution,
    metrics: { finalLoss },
    seconds: median(samples),
    memory: { ...memory, peakTensorBytes: tensorBytes },
    samples,
    costs: {
      parameters: countParameters(parameters),
      mixerMultiplyAdds: cost.multiplyAdds * cell.batch * cell.encoder.layers,
    },
  };
  dispose();
  tf.dispose(batch);
  parameters.dispose();
  return outcome;
}

/** One step a call, giving its loss; what changes from call to call is made outside. */
interface Step {
  readonly run: () => Scalar;
  readonly execution: 'eager' | 'graph';
  readonly dispose: () => void;
}

function trainingStep(model: Model, parameters: Parameters, batch: BatchTensors): Step {
  const adam = createAdam(parameters.variables, { clipNorm: null, weightDecay: 0 });
  const step = compileTrainingStep(model, parameters, adam);
  const inputs = { ...batch, seed: tf.tensor1d([1], 'int32'), learningRate: tf.scalar(1e-3) };
  const dispose = () => {
    adam.dispose();
    tf.dispose([inputs.seed, inputs.learningRate]);
  };
  return { run: () => step.run(inputs).loss, execution: step.execution, dispose };
}

function inferenceStep(model: Model, batch: BatchTensors): Step {
  const inputs = { ...batch, seed: tf.tensor1d([1], 'int32') };
  const step = compile(
    ({ seed, ...rest }: typeof inputs) => ({ loss: model.loss(rest, { training: false, seed }) }),
    { state: [] },
  );
  const dispose = () => {
    inputs.seed.dispose();
  };
  return { run: () => step.run(inputs).loss, execution: step.execution, dispose };
}

/** Seconds of each timed step, in order. */
async function timeSteps(run: () => Scalar, cell: SpeedCell): Promise<number[]> {
  const bench = new Bench({
    time: 0,
    iterations: cell.samples,
    warmup: true,
    warmupTime: 0,
    warmupIterations: cell.warmup,
    retainSamples: true,
    throws: true,
  });
  bench.add('step', async () => {
    await readNumber(run());
  });
  await bench.run();
  const [task] = bench.tasks;
  const result = task?.result;
  if (result === undefined || !('latency' in result)) throw new Error('the step was not timed');
  return (result.latency.samples ?? []).map((milliseconds) => milliseconds / 1000);
}

/** Random tokens without padding. */
function randomBatch({ batch, encoder: { length }, vocabulary, classes, seed }: SpeedCell) {
  const random = stream(seed, 'tokens');
  const below = (limit: number) => (random.next() >>> 0) % limit;
  return {
    size: batch,
    length,
    ids: Int32Array.from({ length: batch * length }, () => below(vocabulary)),
    mask: new Float32Array(batch * length).fill(1),
    labels: Int32Array.from({ length: batch }, () => below(classes)),
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? NaN;
  return Number.isInteger(middle) ? (upper + (sorted[middle - 1] ?? NaN)) / 2 : upper;
}
