/**
 * The two streams of a command: results on stdout, everything else on stderr. A reader that went away (`| head`) is no
 * error.
 */

/** Makes a closed pipe end the output quietly, once for the process. */
export function tolerateClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

/** One JSON document, and nothing else, on stdout. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** For the person who waits. */
export function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Resolves when what was written has left this process. */
export async function flushed(): Promise<void> {
  const flush = (stream: NodeJS.WriteStream) =>
    new Promise<void>((resolve) => {
      if (stream.destroyed || !stream.writable) resolve();
      else
        stream.write('', () => {
          resolve();
        });
    });
  await Promise.all([flush(process.stdout), flush(process.stderr)]);
}

/** Columns of equal width, two blanks apart. */
export function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, cell.length)));
  return rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
