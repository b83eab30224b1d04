/**
 * How a command ends badly: a message for a person and an exit code for a program.
 *
 * 0 done, 1 error, 2 wrong usage, 3 finished but some cells failed, 4 a gate tripped, 130 interrupted.
 */
import { CommanderError } from 'commander';
import { messageOf } from '../harness/errors.js';

export const exitCodes = {
  done: 0,
  error: 1,
  usage: 2,
  cellsFailed: 3,
  gateTripped: 4,
  interrupted: 130,
} as const;

/** Something went wrong that the message explains. */
export class CliError extends Error {
  override readonly name: string = 'CliError';
  readonly exitCode: number = exitCodes.error;
}

/** The command was called wrongly: nothing was run. */
export class UsageError extends CliError {
  override readonly name = 'UsageError';
  override readonly exitCode = exitCodes.usage;
}

/** What to print, if anything, and the code to exit with. */
export function explain(
  thrown: unknown,
  debug: boolean,
): { readonly text: string; readonly exitCode: number } {
  if (thrown instanceof CommanderError) {
    // Commander has printed its message already; help and version come as code 0.
    return { text: '', exitCode: thrown.exitCode === 0 ? exitCodes.done : exitCodes.usage };
  }
  const exitCode = thrown instanceof CliError ? thrown.exitCode : exitCodes.error;
  if (debug && thrown instanceof Error) return { text: thrown.stack ?? thrown.message, exitCode };
  return {
    text: `error: ${messageOf(thrown)}${isDefect(thrown) ? '\nThis is a defect of formerbench; --debug shows where.' : ''}`,
    exitCode,
  };
}

/** What the language throws is no message for a user. */
function isDefect(thrown: unknown): boolean {
  return thrown instanceof TypeError || thrown instanceof RangeError || thrown instanceof ReferenceError;
}
