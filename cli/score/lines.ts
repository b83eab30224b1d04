/** Objects of a file of JSON lines, one at a time, with their line numbers. */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { z } from 'zod';
import { messageOf } from '../../harness/errors.js';
import { type LineLimits, readLines, splitLines } from '../../tasks/datasets/lines.js';
import { CliError } from '../errors.js';

/** Of a file of predictions: lines as long as a pair of books, and more of them than any test set has. */
const limits: LineLimits = { lineBytes: 16 * 2 ** 20, lines: 20_000_000, totalBytes: 64 * 2 ** 30 };

/**
 * What `read` makes of each line, in order; blank lines are passed over.
 *
 * @param file - a path, of gzip too, or `-` for standard input
 * @throws CliError that names the line which cannot be used
 */
export async function* readObjects<Line, Result>(
  file: string,
  schema: z.ZodType<Line>,
  example: string,
  read: (line: Line) => Result,
): AsyncGenerator<Result> {
  const name = file === '-' ? 'standard input' : basename(file);
  let number = 0;
  for await (const text of textLines(file, name)) {
    number += 1;
    if (text.trim() === '') continue;
    try {
      yield read(parse(text, schema));
    } catch (error) {
      throw new CliError(`${name}, line ${number}: ${messageOf(error)}. A line looks like ${example}`, {
        cause: error,
      });
    }
  }
}

async function* textLines(file: string, name: string): AsyncGenerator<string> {
  if (file !== '-' && !existsSync(file)) throw new CliError(`${file} does not exist`);
  if (file !== '-' && statSync(file).isDirectory())
    throw new CliError(`${file} is a folder; give a file with one JSON object a line`);
  if (file !== '-' && statSync(file).isFile()) {
    yield* readLines(file, limits, 'Give one JSON object a line.');
    return;
  }
  // A pipe is read once, from its start: nobody may look into it first.
  const pipe = file === '-' ? process.stdin : createReadStream(file);
  try {
    yield* splitLines(pipe as AsyncIterable<Buffer>, limits);
  } catch (error) {
    throw new CliError(`${name} cannot be used: ${messageOf(error)}`, { cause: error });
  }
}

function parse<Line>(text: string, schema: z.ZodType<Line>): Line {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the line, which may be long and is not ours to print.
    throw new Error('it is not JSON');
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  );
  const [first = '', ...others] = problems;
  throw new Error(others.length === 0 ? first : `${first} (and ${others.length} more)`);
}
