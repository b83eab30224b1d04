/**
 * The elements of one long JSON array, one at a time: the file is never held as a whole.
 *
 * Only the depth of brackets and the ends of strings are followed to find where an element ends; what an element holds
 * is read by `JSON.parse`.
 */
import { basename } from 'node:path';
import { explainArchive } from './archive.js';
import { DataError } from './contract.js';
import { openBytes } from './lines.js';

export interface ElementLimits {
  readonly elementBytes: number;
  readonly elements: number;
}

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];
const opening = new Set([0x5b, 0x7b]);
const closing = new Set([0x5d, 0x7d]);

/** @throws DataError when the file is no JSON array, is cut short, or is over a limit */
export async function* readJsonArray(path: string, limits: ElementLimits, advice: string): AsyncGenerator {
  let count = 0;
  try {
    for await (const element of splitElements(await openBytes(path), limits.elementBytes)) {
      count += 1;
      if (count > limits.elements) throw new DataError(`it holds more than ${limits.elements} elements`);
      yield JSON.parse(element.toString('utf8')) as unknown;
    }
  } catch (error) {
    const what =
      error instanceof SyntaxError ? `element ${count} is no JSON (${error.message})` : explainArchive(error);
    throw new DataError(`${basename(path)} cannot be used: ${what}. ${advice}`, { cause: error });
  }
}

/** The bytes of each element of the outermost array. */
async function* splitElements(chunks: AsyncIterable<Buffer>, limit: number): AsyncGenerator<Buffer> {
  const scan = createScanner();
  let kept: Buffer[] = [];
  let keptBytes = 0;
  let place: Place = 'before';
  for await (const chunk of chunks) {
    let start = 0;
    for (let i = 0; i < chunk.length && place !== 'after'; i++) {
      const next = scan(chunk[i] as number);
      if (place === 'before' || next !== 'inside') {
        if (place === 'inside') {
          const element = Buffer.concat([...kept, chunk.subarray(start, i)]);
          if (element.length > limit) throw new DataError(tooLong(limit));
          if (!isBlank(element)) yield element;
          kept = [];
          keptBytes = 0;
        }
        start = i + 1;
      }
      place = next === 'between' ? 'inside' : next;
    }
    if (place !== 'inside') continue;
    kept.push(chunk.subarray(start));
    keptBytes += chunk.length - start;
    if (keptBytes > limit) throw new DataError(tooLong(limit));
  }
  if (place !== 'after') throw new DataError('it is no JSON array, or cut short');
}

const tooLong = (limit: number): string => `an element is longer than ${limit} bytes`;
const isBlank = (bytes: Buffer): boolean => bytes.every((byte) => byte <= 0x20);

/** Of a byte: before the array, in an element, between two, or at or after the array's end. */
type Place = 'before' | 'inside' | 'between' | 'after';

function createScanner(): (byte: number) => Place {
  let depth = 0;
  let inString = false;
  let escaped = false;
  return (byte) => {
    if (inString) {
      if (escaped) escaped = false;
      else if (byte === backslash) escaped = true;
      else if (byte === quote) inString = false;
      return 'inside';
    }
    if (byte === quote) inString = true;
    else if (opening.has(byte)) depth += 1;
    else if (closing.has(byte)) {
      depth -= 1;
      return depth === 0 ? 'after' : 'inside';
    } else if (byte === comma && depth === 1) return 'between';
    return depth === 0 ? 'before' : 'inside';
  };
}
