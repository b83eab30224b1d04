/**
 * Values of command line options: each parser takes the text and gives the value, or says what would be right.
 */
import { InvalidArgumentError } from 'commander';

export function parseList(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.some((name) => name === '')) throw new InvalidArgumentError('Give names separated by commas.');
  return [...new Set(names)];
}

export function parseCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(count) || count < 1) {
    throw new InvalidArgumentError('Give a whole number, at least 1.');
  }
  return count;
}

/** `128,512,2048`, each once, the smallest first. */
export function parseCounts(text: string): number[] {
  return [...new Set(parseList(text).map(parseCount))].toSorted((a, b) => a - b);
}

export function parseSeed(text: string): number {
  if (Number(text) === 0) {
    throw new InvalidArgumentError(
      'Seeds start at 1: TensorFlow.js reads 0 as no seed, so nothing could be repeated.',
    );
  }
  const seed = parseCount(text);
  if (seed > 2 ** 31 - 1) throw new InvalidArgumentError('Give a seed of at most 2147483647.');
  return seed;
}

export function parsePositive(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0)
    throw new InvalidArgumentError('Give a number above 0.');
  return value;
}

export function parseShare(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 0.9))
    throw new InvalidArgumentError('Give a number from 0 to 0.9.');
  return value;
}

const secondsOf: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** `90s`, `20m`, `1h30m` in seconds. */
export function parseDuration(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([smh])/g)];
  const total = parts.reduce(
    (sum, [, amount, unit = '']) => sum + Number(amount) * (secondsOf[unit] ?? 0),
    0,
  );
  if (parts.map(([part]) => part).join('') !== text || total <= 0) {
    throw new InvalidArgumentError('Give a time such as 90s, 20m or 1h30m.');
  }
  return total;
}

const bytesOf: Readonly<Record<string, number>> = { mb: 2 ** 20, gb: 2 ** 30 };

/** `512MB`, `4GB` in bytes. */
export function parseBytes(text: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(mb|gb)$/i.exec(text) ?? [];
  const bytes = Number(amount) * (bytesOf[unit.toLowerCase()] ?? NaN);
  if (!(bytes > 0)) throw new InvalidArgumentError('Give a size such as 512MB or 4GB.');
  return Math.floor(bytes);
}

/** Collects `k=v` pairs of a repeatable option. */
export function parsePair(
  text: string,
  earlier: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Give name=value.');
  const name = text.slice(0, at).trim();
  if (name in earlier) throw new InvalidArgumentError(`${name} is given twice.`);
  return { ...earlier, [name]: text.slice(at + 1).trim() };
}

/** Collects the values of a repeatable option. */
export function collect(text: string, earlier: readonly string[] = []): string[] {
  return [...earlier, text];
}
