/**
 * Runs a speed cell: the time of one step on random tokens, and the memory it takes.
 *
 * The timed region is the step and the read-back of its loss, which waits for any device; nothing else. Samples are kept
 * raw. The model is the encoder with a head of a few classes, as for classification. Memory is read right after the
 * samples; what is counted by further steps comes last, so that it adds to nothing. From the warm-up to the rate of
 * products the process is alone; before that, when the first step builds the graph, and after that, another may work too.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import type { Architecture } from '../architectures/contract.js';
import { createEncoder } from '../architectures/encoder.js';
import { stream } from '../architectures/random.js';
import { createParameters } from '../architectures/scope.js';
import type { Parameters } from '../architectures/scope.js';
import { createClassifier } from '../tasks/classification/model.js';
import type { BatchTensors, Model } from '../tasks/contract.js';
import { createAdam } from './adam.js';
import type { BackendInfo } from './backends/index.js';
import { compile, createStepState, worthwhileRuns } from './backends/compile.js';
import type { Compilation, CompiledStep, StepState } from './backends/compile.js';
import type { SpeedCell } from './cell.js';
import type { AwaitTurn, SpeedReport } from './cell-event.js';
import { describeExecution } from './compilation.js';
import { type ControlWorkload, createControlWorkload, matrixProductRate } from './control-workload.js';
import { countParameters } from './costs.js';
import { countStepMultiplyAdds } from './step-products.js';
import { type MeasuredSteps, measureSteps } from './measure-steps.js';
import { median } from './median.js';
import { baselineResidentBytes, memoryOf, peakTensorBytes } from './memory.js';
import { emptyOutcome } from './outcome.js';
import type { Outcome } from './record.js';
import { compileTrainingStep, readNumber, toTensors } from './training-step.js';

interface Surroundings {
  /** Where nobody else is, nothing is waited for. */
  readonly turn?: AwaitTurn;
  /** What is timed beside the steps; a test that is not about times gives something quicker. */
  readonly createControl?: () => ControlWorkload;
}

export async function runSpeed(
  cell: SpeedCell,
  architecture: Architecture,
  backend: BackendInfo,
  report: SpeedReport,
  { turn = () => Promise.resolve(), createControl = createControlWorkload }: Surroundings = {},
): Promise<Outcome> {
  const started = performance.now();
  const baseline = baselineResidentBytes();
  const { step, model, parameters, dispose } = prepareSpeedStep(cell, architecture);
  await readNumber(step.run());
  const prepared = performance.now();
  await turn('timed');
  const waiting = (performance.now() - prepared) / 1000;
  report({ kind: 'phase', text: `timing ${cell.samples} steps after ${cell.warmup} or more to warm up` });
  const { samples, measuring, phases } = await measure(step, cell, createControl());
  const memory = memoryOf(baseline, null);
  const spent = { startUp: started / 1000, prepare: (prepared - started) / 1000, waiting, ...phases };
  const rating = performance.now();
  const rate = await matrixProductRate();
  const counts = (performance.now() - rating) / 1000;
  const measured: Outcome = {
    ...emptyOutcome,
    backend,
    ...describeExecution(step, [], cell.precision),
    seconds: median(samples),
    memory: { ...memory, peakTensorBytes: step.peakBytes() },
    samples,
    measuring: { ...measuring, matrixProductRate: rate, phases: { ...spent, counts } },
    costs: {
      parameters: countParameters(parameters),
      mixerMultiplyAdds: mixerMultiplyAdds(cell, architecture),
    },
  };
  report({ kind: 'measured', outcome: measured });
  const outcome = await withCounts(measured, { step, model, parameters, cell }, turn);
  dispose();
  return outcome;
}

/** Declared, of all layers and sequences. */
function mixerMultiplyAdds({ encoder, options, batch }: SpeedCell, architecture: Architecture): number {
  const { multiplyAdds } = architecture.cost(encoder, architecture.options.parse(options));
  return multiplyAdds * batch * encoder.layers;
}

interface Counted {
  readonly step: Step;
  readonly model: Model;
  readonly parameters: Parameters;
  readonly cell: SpeedCell;
}

/** What further steps count. Op by op they may need more memory than the step of a graph that was timed. */
async function withCounts(
  measured: Outcome,
  { step, model, parameters, cell }: Counted,
  turn: AwaitTurn,
): Promise<Outcome> {
  const asked = performance.now();
  await turn('untimed');
  const start = performance.now();
  const { memory, measuring, costs } = measured;
  const peak =
    memory.peakTensorBytes ??
    (await peakTensorBytes(() => {
      step.run().dispose();
    }));
  const finalLoss = await readNumber(step.run());
  step.settle();
  // A try in a search is about memory alone.
  const stepMultiplyAdds =
    cell.largestUnder === undefined ? countStepMultiplyAdds(model, parameters, cell) : undefined;
  return {
    ...measured,
    metrics: { finalLoss },
    memory: { ...memory, peakTensorBytes: peak },
    measuring: measuring && {
      ...measuring,
      ...withTimes(measuring, { waiting: start - asked, counts: performance.now() - start }),
    },
    costs: costs && { ...costs, ...(stepMultiplyAdds === undefined ? {} : { stepMultiplyAdds }) },
  };
}

/** @param more - milliseconds */
function withTimes(
  { phases }: NonNullable<Outcome['measuring']>,
  more: { readonly waiting: number; readonly counts: number },
) {
  if (phases === undefined) return {};
  const waiting = (phases.waiting ?? 0) + more.waiting / 1000;
  return { phases: { ...phases, waiting, counts: phases.counts + more.counts / 1000 } };
}

/** The step of a cell, its model on random parameters, and its batch. */
export function prepareSpeedStep(cell: SpeedCell, architecture: Architecture) {
  const parameters = createParameters(cell.seed);
  const options = architecture.options.parse(cell.options);
  const encoder = createEncoder(parameters.scope, architecture, options, cell.encoder, cell.vocabulary);
  const model = createClassifier(parameters.scope, encoder, cell.classes);
  const batch = toTensors(randomBatch(cell));
  const make = cell.mode === 'training' ? trainingStep : inferenceStep;
  const step = make(cell, model, parameters, batch);
  const dispose = () => {
    step.dispose();
    tf.dispose(batch);
    parameters.dispose();
  };
  return { step, model, parameters, dispose };
}

/** One step a call, giving its loss; what changes from call to call is made outside. */
interface Step {
  readonly run: () => Scalar;
  /** What the step is given, and what it assigns. */
  readonly inputs: Tensors;
  readonly variables: readonly Variable[];
  readonly compilation: Compilation;
  /** Of a graph; null where the step runs eagerly. */
  readonly peakBytes: () => number | null;
  /** Brings the parameters back from where steps have changed them. */
  readonly settle: () => void;
  readonly dispose: () => void;
}

/** What is timed is a step of a long training or of many predictions. */
const expectedRuns = ({ warmup, samples }: SpeedCell): number =>
  Math.max(worthwhileRuns, warmup + samples + 1);

function trainingStep(cell: SpeedCell, model: Model, parameters: Parameters, batch: BatchTensors): Step {
  const adam = createAdam(parameters.variables, { clipNorm: null, weightDecay: 0 });
  const state = createStepState([...parameters.variables.values(), ...adam.state], cell);
  const step = compileTrainingStep(model, parameters, adam, { state, expectedRuns: expectedRuns(cell) });
  const inputs = { ...batch, seed: tf.tensor1d([1], 'int32'), learningRate: tf.scalar(1e-3) };
  return bind(step, inputs, state, () => {
    adam.dispose();
    tf.dispose([inputs.seed, inputs.learningRate]);
  });
}

function inferenceStep(cell: SpeedCell, model: Model, parameters: Parameters, batch: BatchTensors): Step {
  const inputs = { ...batch, seed: tf.tensor1d([1], 'int32') };
  const state = createStepState([...parameters.variables.values()], cell);
  const step = compile(
    ({ seed, ...rest }: typeof inputs) => ({ loss: model.loss(rest, { training: false, seed }) }),
    { state, expectedRuns: expectedRuns(cell), name: 'the forward pass' },
  );
  return bind(step, inputs, state, () => {
    inputs.seed.dispose();
  });
}

type Tensors = Readonly<Record<string, Tensor>>;

function bind<Inputs extends Tensors>(
  step: CompiledStep<Inputs, { loss: Scalar }>,
  inputs: Inputs,
  state: StepState,
  disposeOthers: () => void,
): Step {
  return {
    run: () => step.run(inputs).loss,
    inputs,
    variables: state.variables,
    get compilation() {
      return step.compilation;
    },
    peakBytes: () => step.peakBytes(inputs),
    settle: () => {
      state.settle();
    },
    dispose: () => {
      state.dispose();
      disposeOthers();
    },
  };
}

async function measure(
  step: Step,
  { warmup, warmupLimit, samples }: SpeedCell,
  control: ControlWorkload,
): Promise<MeasuredSteps> {
  try {
    const warmUp = { before: 1, least: warmup, most: Math.max(warmup, warmupLimit ?? 0) };
    return await measureSteps(() => readNumber(step.run()), { warmUp, samples }, control);
  } finally {
    control.dispose();
  }
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
