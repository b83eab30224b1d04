/** Runs what the program is to do and ends it: one message for an error, and the right exit code. */
import { exitCodes, explain } from './errors.js';
import { flushed, note, tolerateClosedPipes } from './output.js';

/** Ends the process: with the code that the action left in `process.exitCode`, or that of what it threw. */
export async function runAction(action: () => Promise<void>): Promise<never> {
  tolerateClosedPipes();
  let code: number;
  try {
    await action();
    code = Number(process.exitCode ?? exitCodes.done);
  } catch (thrown) {
    const { text, exitCode } = explain(thrown, process.argv.includes('--debug'));
    if (text !== '') note(text);
    code = exitCode;
  }
  await flushed();
  process.exit(code);
}
