/**
 * What TensorFlow's executor says of a graph's run: with `TF_CPP_VMODULE=executor=2` it writes a line to stderr when it
 * starts a node and one when the node's kernel has ended, each with the time in microseconds. This is the graph as it
 * really runs, after TensorFlow's own optimisation: fused nodes, folded constants, several nodes at once.
 */

/** Set before the library is loaded. */
export const loggingEnvironment = { TF_CPP_MIN_LOG_LEVEL: '0', TF_CPP_VMODULE: 'executor=2' } as const;

/** One run of one node. */
export interface NodeRun {
  readonly node: string;
  readonly op: string;
  /** Outputs of other nodes, `node` or `node:1`. */
  readonly inputs: readonly string[];
  readonly seconds: number;
}

/** `I0000 00:00:1795349274.931549 21139 executor.cc:879] Process node: 5 step 3 {{node a/b}} = Mul[T=..](x, y) device: ..` */
const line =
  /(\d+\.\d{6}) +\d+ executor\.cc:\d+\] (Process node|\w+ kernel done): (\d+ step \d+) \{\{node (\S+)\}\} = (\w+)\[.*\]\((.*?)\) device:/;

/** Nodes in the order in which they ended. */
export function parseExecutorLog(text: string): NodeRun[] {
  const started = new Map<string, number>();
  return text.split('\n').flatMap((each) => {
    const [, time = '', event = '', run = '', node = '', op = '', inputs = ''] = line.exec(each) ?? [];
    if (event === '') return [];
    const now = Number(time);
    if (event === 'Process node') started.set(run, now);
    const start = started.get(run);
    if (event === 'Process node' || start === undefined) return [];
    started.delete(run);
    const data = inputs.split(', ').filter((input) => input !== '' && !input.startsWith('^'));
    return { node, op, inputs: data, seconds: Math.max(0, now - start) };
  });
}
