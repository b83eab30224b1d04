/**
 * One session for all traces that share a state: training, evaluation, every shape of batch. A new trace makes a new
 * session of all traces so far; the state goes with it.
 */
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { NativeBackend } from '../native-backend.js';
import { assemble, peakOf } from './assemble.js';
import type { GraphNode } from './graph-def.js';
import { matrixProducts, narrowProducts } from './passes.js';
import { type GraphSession, loadGraph } from './session.js';
import { stateNodes } from './state-nodes.js';
import { createStateSync } from './state-sync.js';
import { specOf, type Step, type Tensors, type Trace, traceStep } from './trace.js';

export type Precision = 'float32' | 'bfloat16';

export interface TracedStep {
  /** Of the recorded order, see `peak-bytes.ts`; the state included. */
  readonly peakBytes: number;
  /** The caller disposes the outputs. */
  run(inputs: Tensors): Tensors;
}

export interface SharedGraph {
  /** Traces a step for the shapes of these inputs. @throws Untraceable */
  add(step: Step, inputs: Tensors): TracedStep;
  /** Takes a step out that does not run; the variables are as before its run. */
  remove(step: TracedStep): void;
  /** Loads what was added since; the first run does it otherwise. @throws Untraceable */
  readonly load: () => void;
  /** Variables get the values that runs gave them. */
  readonly settle: () => void;
  readonly dispose: () => void;
}

export function createSharedGraph(
  backend: NativeBackend,
  variables: readonly Variable[],
  precision: Precision,
): SharedGraph {
  const members = new Map<TracedStep, GraphNode[]>();
  const sync = createStateSync(backend, variables);
  let session: GraphSession | null = null;
  let count = 0;

  const forget = () => {
    sync.settle(session);
    session?.dispose();
    session = null;
  };
  const load = (): GraphSession => {
    if (session !== null) return session;
    const state = variables.flatMap((variable, i) => stateNodes(i, specOf(backend, variable)));
    session = loadGraph(backend.binding, [...state, ...[...members.values()].flat()]);
    sync.reset();
    return session;
  };
  return {
    add: (step, inputs) => {
      sync.settle(session);
      const prefix = `t${count++}/`;
      const trace = traceStep(backend, { step, inputs, variables, prefix });
      const state = variables.map((variable) => specOf(backend, variable));
      const { nodes, fetches } = assemble(trace, state, prefix);
      const member: TracedStep = {
        peakBytes: peakOf(trace, state),
        run: (given) => {
          const current = load();
          sync.push(current);
          const results = current.run(feedsOf(backend, trace, given), fetches);
          sync.changed(trace.assigned.keys());
          const tensors = results.map((result) => backend.createOutputTensor(result));
          return Object.fromEntries([...trace.outputs.keys()].map((name, i) => [name, tensors[i] as Tensor]));
        },
      };
      forget();
      const plain = matrixProducts(nodes);
      members.set(member, precision === 'bfloat16' ? narrowProducts(plain) : plain);
      return member;
    },
    remove: (member) => {
      forget();
      members.delete(member);
    },
    load: () => void load(),
    settle: () => {
      sync.settle(session);
    },
    dispose: () => {
      forget();
      members.clear();
    },
  };
}

/** The library's number of each input, by its placeholder. */
function feedsOf(backend: NativeBackend, { feeds }: Trace, inputs: Tensors): Map<string, number> {
  const tensors = [...feeds.keys()].map((name) => {
    const tensor = inputs[name];
    if (tensor === undefined) throw new Error(`the step needs the input ${name}`);
    return tensor;
  });
  const ids = backend.getInputTensorIds(tensors);
  return new Map([...feeds.values()].map((feed, i) => [feed, ids[i] ?? -1]));
}
