/** A server of one file on the loopback that behaves as badly as a test asks. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface FileServer {
  /** Of the folder, ends with a slash. */
  readonly url: string;
  /** The Range header of each request so far, null where it had none. */
  readonly ranges: (string | null)[];
}

/** @param number - of the request, from 0 */
export type Answer = (request: IncomingMessage, response: ServerResponse, number: number) => void;

/** Ends with the test. */
export async function serve(answer: Answer): Promise<FileServer> {
  const ranges: (string | null)[] = [];
  const server = createServer((request, response) => {
    ranges.push(request.headers.range ?? null);
    answer(request, response, ranges.length - 1);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, ranges };
}

/** As a good server does: all of it, or the range that was asked for. */
export const whole =
  (bytes: Buffer, tag = '"one"'): Answer =>
  (request, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const condition = request.headers['if-range'];
    const partial = from > 0 && (condition === undefined || condition === tag);
    const body = partial ? bytes.subarray(from) : bytes;
    const range = { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` };
    response.writeHead(partial ? 206 : 200, {
      etag: tag,
      'content-length': body.length,
      ...(partial ? range : {}),
    });
    response.end(body);
  };

/** Declares all of it, sends a part, and then breaks the connection or says nothing more. */
export const broken =
  (bytes: Buffer, sent: number, end: 'cut' | 'stall', tag: string | null = '"one"'): Answer =>
  (_, response) => {
    response.writeHead(200, { ...(tag === null ? {} : { etag: tag }), 'content-length': bytes.length });
    response.write(bytes.subarray(0, sent), () => {
      if (end === 'cut') setTimeout(() => response.destroy(), 50);
    });
  };
