/**
 * The one error of the harness that a person is meant to read.
 */

/** Something the user can put right. Its message says what was wrong, where, and what to do; it is shown as it is. */
export class HarnessError extends Error {
  override readonly name = 'HarnessError';
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
