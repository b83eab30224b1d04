/** Why a step cannot be one graph. It runs eagerly instead, unless a graph was asked for. */

export type UntraceableKind =
  /** JavaScript reads a value that the step computes, and may decide by it. */
  | 'reads a value'
  /** An operation whose output's shape depends on values. */
  | 'shape depends on values'
  /** A variable that the step uses and nobody declared: its later values would not be seen. */
  | 'undeclared variable'
  /** Two traces differ: something is drawn or counted in JavaScript. */
  | 'changes from run to run'
  /** An operation that the shapes alone cannot run, or a value that a graph cannot hold. */
  | 'unsupported'
  /** TensorFlow does not take the graph. */
  | 'refused';

export class Untraceable extends Error {
  override readonly name = 'Untraceable';
  constructor(
    readonly kind: UntraceableKind,
    /** What was seen, without the name of the step. */
    readonly detail: string,
  ) {
    super(`${kind}: ${detail}`);
  }
}
