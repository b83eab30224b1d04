/** The graphs of one step, one for each shape of its inputs, and what they cost. */
import { NoGraph, type StepState } from '../step-state.js';
import type { SharedGraph, TracedStep } from './shared-graph.js';
import type { Step, Tensors } from './trace.js';
import { Untraceable } from './untraceable.js';

export type Execution = 'graph' | 'eager';

/** Tracing and the first run of a graph cost about what this many runs save. */
export const worthwhileRuns = 20;

/** How a step was decided to run, and what that cost. */
export interface Compilation {
  readonly decision: Execution;
  /** Runs that were expected of the shape that comes most often. */
  readonly expectedRuns: number;
  /** Seconds of all traces of the step, and of loading their graph. */
  readonly traceSeconds: number;
  /** Seconds of the first run of each graph, in which TensorFlow optimises it. */
  readonly firstStepSeconds: number;
  /** Why the step, or some of its shapes, run eagerly; null when all are graphs. */
  readonly reason: string | null;
}

export interface GraphsByShape {
  /** @param runs - that are expected of these shapes. Null where they run eagerly. */
  find(inputs: Tensors, runs: number): TracedStep | null;
  /** Null when TensorFlow cannot run the graph: these shapes run eagerly from now on. */
  run(traced: TracedStep, inputs: Tensors): Tensors | null;
  readonly compilation: () => Compilation;
}

/** What has happened so far. */
interface Tally {
  expectedRuns: number;
  traceSeconds: number;
  firstStepSeconds: number;
  reason: string | null;
}

/** @param name - of the step, for messages */
export function createGraphsByShape(state: StepState, step: Step, name: string): GraphsByShape {
  const { graph, execution, precision } = state;
  const strict = execution === 'graph' || precision !== 'float32';
  const byShape = new Map<string, TracedStep | null>();
  const fresh = new Set<TracedStep>();
  const tally: Tally = { expectedRuns: 0, traceSeconds: 0, firstStepSeconds: 0, reason: null };

  const giveUp = (error: unknown): null => {
    if (!(error instanceof Untraceable)) throw error;
    const message = `${name} cannot be one graph: ${error.message}`;
    if (strict) throw new NoGraph(message);
    tally.reason = `${message}; it runs eagerly`;
    return null;
  };
  const trace = (inputs: Tensors, runs: number): TracedStep | null => {
    const reason = reasonAgainst(state, strict ? Infinity : runs);
    if (graph === null || reason !== null) {
      tally.reason ??= reason;
      return null;
    }
    try {
      const traced = timed(tally, 'traceSeconds', () => graph.add(step, inputs));
      fresh.add(traced);
      return traced;
    } catch (error) {
      return giveUp(error);
    }
  };
  return {
    find: (inputs, runs) => {
      tally.expectedRuns = Math.max(tally.expectedRuns, runs);
      const shapes = shapesOf(inputs);
      const known = byShape.get(shapes);
      const traced = known === undefined ? trace(inputs, runs) : known;
      byShape.set(shapes, traced);
      return traced;
    },
    run: (traced, inputs) => {
      if (graph === null || !fresh.delete(traced)) return traced.run(inputs);
      try {
        return firstRun(graph, traced, inputs, tally);
      } catch (error) {
        if (isOutOfMemory(error)) throw error;
        graph.remove(traced);
        byShape.set(shapesOf(inputs), null);
        return giveUp(new Untraceable('refused', error instanceof Error ? error.message : String(error)));
      }
    },
    compilation: () => ({
      decision: [...byShape.values()].some((traced) => traced !== null) ? 'graph' : 'eager',
      ...tally,
    }),
  };
}

/** Why these shapes are not traced; null when they may be. */
function reasonAgainst({ graph, execution }: StepState, runs: number): string | null {
  if (graph === null) return execution === 'eager' ? 'asked for' : 'this backend has no graphs';
  return runs < worthwhileRuns ? `a graph pays from ${worthwhileRuns} runs of one shape on` : null;
}

/** TensorFlow optimises a graph in its first run, and may refuse it then: the variables are as they were. */
function firstRun(graph: SharedGraph, traced: TracedStep, inputs: Tensors, tally: Tally): Tensors {
  graph.settle();
  timed(tally, 'traceSeconds', graph.load);
  return timed(tally, 'firstStepSeconds', () => traced.run(inputs));
}

function timed<T>(tally: Tally, kind: 'traceSeconds' | 'firstStepSeconds', run: () => T): T {
  const start = performance.now();
  const result = run();
  tally[kind] += (performance.now() - start) / 1000;
  return result;
}

const shapesOf = (inputs: Tensors): string =>
  JSON.stringify(Object.entries(inputs).map(([name, { shape, dtype }]) => [name, dtype, shape]));

const isOutOfMemory = (error: unknown): boolean =>
  error instanceof Error && /out of memory|OOM|bad_alloc|exhausted/i.test(error.message);
