/**
 * Traces a step: runs it once for its shapes and gives what it would compute as nodes of a graph.
 *
 * Variables keep their values, and what the step keeps for later runs (`tf.keep`) is computed for real. The step is traced
 * until two traces are the same: what is drawn or counted in JavaScript would be frozen in a graph, and shows here.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { NativeBackend, NativeBinding } from '../native-backend.js';
import { type GraphNode, savedModel, type TensorSpec } from './graph-def.js';
import { prune } from './passes.js';
import { type Recording, startRecording } from './recorder.js';
import { loadGraph } from './session.js';
import { createShapeRunner, isVirtual, type KnownShapes } from './shape-runner.js';
import { placeholder, readName } from './state-nodes.js';
import { isShell } from './shell.js';
import { watchSurvivors } from './survivors.js';
import { Untraceable } from './untraceable.js';

export type Tensors = Readonly<Record<string, Tensor>>;
export type Step = (inputs: Tensors) => Tensors;

/** What a step computes. Its state is read from the nodes `readName(index)`, which are no part of it. */
export interface Trace {
  /** Placeholders first, then operations in the order in which they ran. */
  readonly nodes: readonly GraphNode[];
  /** The placeholder of each input. */
  readonly feeds: ReadonlyMap<string, string>;
  /** What each output of the step is. */
  readonly outputs: ReadonlyMap<string, string>;
  /** The new value of each variable that the step assigns, by the variable's index. */
  readonly assigned: ReadonlyMap<number, string>;
}

/** What is traced. */
export interface Subject {
  readonly step: Step;
  readonly inputs: Tensors;
  readonly variables: readonly Variable[];
  /** Of all its nodes' names; ends with a slash. */
  readonly prefix: string;
}

/** The first trace may fill a cache of the step's, which the second uses; the third must be as the second. */
const mostTraces = 3;

/** @throws Untraceable */
export function traceStep(backend: NativeBackend, subject: Subject): Trace {
  const shapes: KnownShapes = new Map();
  let before = Buffer.alloc(0);
  for (let i = 0; i < mostTraces; i++) {
    const trace = traceOnce(backend, subject, shapes);
    const bytes = Buffer.from(savedModel(trace.nodes));
    if (before.equals(bytes)) return trace;
    before = bytes;
  }
  throw new Untraceable(
    'changes from run to run',
    'two traces differ: numbers are drawn or counted in JavaScript; use the seed that is an input',
  );
}

/** One run of the step for its shapes. */
interface Tracing extends Subject {
  readonly backend: NativeBackend;
  readonly original: NativeBinding;
  readonly recording: Recording;
  /** The values of the variables, which the step may replace. */
  readonly before: readonly Tensor[];
}

function traceOnce(backend: NativeBackend, given: Subject, shapes: KnownShapes): Trace {
  const subject = { ...given, inputs: separate(backend, given) };
  const original = backend.binding;
  const runner = createShapeRunner(original, shapes, undeclaredVariables(backend, subject));
  const recording = startRecording(original, runner, `${subject.prefix}n`);
  const before = subject.variables.map((variable) => tf.clone<Tensor>(variable));
  const tracing = { ...subject, backend, original, recording, before };
  const survivors = watchSurvivors(tf.engine());
  const feeds = declare(tracing);
  backend.binding = recording.binding;
  try {
    return finish(
      tracing,
      feeds,
      tf.tidy(() => subject.step(subject.inputs)),
    );
  } finally {
    survivors.release();
    computeAfterAll(tracing, survivors.find());
    restore(tracing);
    backend.binding = original;
    runner.dispose();
    const own = Object.values(subject.inputs).filter((input) => !Object.values(given.inputs).includes(input));
    tf.dispose(own);
  }
}

/** Names what the step gave and assigned, and throws away what stands for it. */
function finish(tracing: Tracing, feeds: ReadonlyMap<string, string>, results: Tensors): Trace {
  const { backend, recording, variables, inputs } = tracing;
  const nameOf = (tensor: Tensor) => recording.find(idOf(backend, tensor)).output;
  const outputs = new Map(Object.entries(results).map(([name, tensor]) => [name, nameOf(tensor)]));
  const values = variables.map(nameOf);
  const assigned = new Map([...values.entries()].filter(([i, output]) => output !== readName(i)));
  const foreign = new Set<Tensor>([...Object.values(inputs), ...variables]);
  tf.dispose(Object.values(results).filter((output) => !foreign.has(output)));
  const wanted = [...feeds.values(), ...outputs.values(), ...assigned.values()];
  return { nodes: prune([...feedNodes(tracing), ...recording.nodes], wanted), feeds, outputs, assigned };
}

function restore({ variables, before }: Tracing): void {
  for (const [i, variable] of variables.entries()) {
    const value = before[i];
    if (value !== undefined && value.dataId !== variable.dataId) variable.assign(value);
  }
  tf.dispose([...before]);
}

const idOf = (backend: NativeBackend, tensor: Tensor): number => {
  const [id] = backend.getInputTensorIds([tensor]);
  if (id === undefined) throw new Error('one tensor has one number');
  return id;
};

export const specOf = (backend: NativeBackend, { dtype, shape }: Tensor): TensorSpec => ({
  dtype: backend.getDTypeInteger(dtype),
  shape,
});

/**
 * Two names of one tensor could not be told apart in what is recorded: variables and inputs get a tensor each, which
 * shares the numbers. Gives the inputs to use.
 */
function separate(backend: NativeBackend, { inputs, variables }: Subject): Tensors {
  const taken = new Set<number>();
  const own = (tensor: Tensor): Tensor => {
    const shared = taken.has(idOf(backend, tensor));
    const result = shared ? backend.executeSingleOutput('Identity', [], [tensor]) : tensor;
    taken.add(idOf(backend, result));
    return result;
  };
  for (const variable of variables) {
    const value = own(variable);
    if (value === variable) continue;
    variable.assign(value);
    value.dispose();
  }
  return Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, own(tensor)]));
}

const feedOf = (prefix: string, index: number): string => `${prefix}feed${index}`;

/** Ties inputs and state to their nodes; gives the placeholder of each input. */
function declare({ backend, recording, inputs, variables, prefix }: Tracing): Map<string, string> {
  const tie = (tensor: Tensor, output: string) => {
    recording.declare({ id: idOf(backend, tensor), ...specOf(backend, tensor) }, output);
  };
  variables.forEach((variable, i) => {
    tie(variable, readName(i));
  });
  Object.values(inputs).forEach((tensor, i) => {
    tie(tensor, feedOf(prefix, i));
  });
  return new Map(Object.keys(inputs).map((name, i) => [name, feedOf(prefix, i)]));
}

const feedNodes = ({ backend, inputs, prefix }: Tracing): GraphNode[] =>
  Object.values(inputs).map((tensor, i) => placeholder(feedOf(prefix, i), specOf(backend, tensor)));

/** Variables that a step could use without having declared them; their values are handed to the library first. */
function undeclaredVariables(backend: NativeBackend, { variables }: Subject): Map<number, string> {
  const others = Object.values(tf.engine().registeredVariables).filter(
    (each) => !variables.includes(each) && !isShell(each),
  );
  return new Map(others.map((variable) => [idOf(backend, variable), variable.name]));
}

/** Gives tensors that outlive the trace their values, by running what was recorded of them. */
function computeAfterAll(tracing: Tracing, tensors: readonly Tensor[]): void {
  const { backend, original, recording, inputs, before, prefix } = tracing;
  const virtual = tensors.filter((tensor) => isVirtual(idOf(backend, tensor)));
  if (virtual.length === 0) return;
  const wanted = virtual.map((tensor) => recording.find(idOf(backend, tensor)).output);
  const state = before.map((value, i) => placeholder(readName(i), specOf(backend, value)));
  const nodes = prune([...state, ...feedNodes(tracing), ...recording.nodes], wanted);
  const present = new Set(nodes.map((node) => node.name));
  const feeds = [
    ...before.map((value, i) => [readName(i), idOf(backend, value)] as const),
    ...Object.values(inputs).map((tensor, i) => [feedOf(prefix, i), idOf(backend, tensor)] as const),
  ];
  const session = loadGraph(original, nodes);
  const results = session.run(new Map(feeds.filter(([name]) => present.has(name))), wanted);
  session.dispose();
  virtual.forEach((tensor, i) => {
    const result = results[i];
    if (result !== undefined) backend.tensorMap.get(tensor.dataId).id = result.id;
  });
}
