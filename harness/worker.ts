/**
 * The child's side: takes one request over the channel to the parent, runs it, sends what happened, and ends.
 */
import { Worker } from 'node:worker_threads';
import type { AwaitTurn, CellEvent, Measured } from './cell-event.js';
import { HarnessError } from './errors.js';
import type { Outcome } from './record.js';
import type { CellRequest } from './run-cell.js';
import type { ChildMessage } from './scheduler/child-message.js';

/** @throws HarnessError when no parent is there */
export const serveCell = (): Promise<void> =>
  serve(async (request, send, turn) => {
    const { runCell } = await import('./run-cell.js');
    const measured: Outcome[] = [];
    const report = (event: CellEvent | Measured) => {
      if (event.kind === 'measured') measured.push(event.outcome);
      send(
        event.kind === 'measured' ? { kind: 'outcome', outcome: event.outcome } : { kind: 'event', event },
      );
    };
    const outcome = await runCell(request, report, turn);
    // When counting runs out of memory, the step itself had not.
    return outcome.failure?.kind === 'out of memory' ? (measured[0] ?? outcome) : outcome;
  });

/**
 * The same for a profile.
 *
 * @param log - the file that gets this process's stderr
 * @throws HarnessError when no parent is there
 */
export const serveProfile = (log: string): Promise<void> =>
  serve(async (request) => {
    const { profileCell } = await import('./profile/profile-cell.js');
    return profileCell(request, log);
  });

type Answer = (
  request: CellRequest,
  send: (message: ChildMessage) => void,
  turn: AwaitTurn,
) => Promise<unknown>;

async function serve(answer: Answer): Promise<void> {
  if (process.send === undefined) {
    throw new HarnessError(
      'worker-cell is started by other commands; to measure one cell use `formerbench run`',
    );
  }
  process.on('disconnect', () => process.exit(1));
  process.on('SIGINT', () => undefined); // The parent decides.
  tieToParent();
  const sendMessage = (message: ChildMessage): Promise<void> =>
    new Promise((resolve) => {
      process.send?.(message, () => {
        resolve();
      });
    });
  const request = await heard<CellRequest>();
  const send = (message: ChildMessage) => void sendMessage(message);
  const turn: AwaitTurn = async (part) => {
    const go = heard();
    send({ kind: 'asks', part });
    await go;
  };
  try {
    const outcome = await answer(request, send, turn);
    await sendMessage({ kind: 'outcome', outcome });
  } catch (error) {
    await sendMessage({
      kind: 'error',
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
  process.exit(0);
}

/** The next message of the parent. */
const heard = <Message>(): Promise<Message> => new Promise((resolve) => process.once('message', resolve));

/**
 * Ends this process when the parent is gone, even if its own event loop is busy or stuck: a thread sleeps on a channel
 * that only the parent's end keeps open.
 */
function tieToParent(): void {
  const channel = process.env['FORMERBENCH_LIFELINE'];
  if (channel === undefined) return;
  const watch = `
    const { Socket } = require('node:net');
    const lifeline = new Socket({ fd: ${Number(channel)} });
    lifeline.on('close', () => process.kill(process.pid, 'SIGKILL')).on('error', () => {}).resume();
  `;
  new Worker(watch, { eval: true }).unref();
}
