/**
 * The id of a cell: the same description and the same sources give the same id, on any machine, in any order of keys.
 */
import { createHash } from 'node:crypto';
import type { Cell } from './cell.js';

/**
 * @param sourcesHash - of the sources that the cell depends on, from `sources.ts`
 * @returns 16 hexadecimal digits
 */
export function cellId(cell: Cell, sourcesHash: string): string {
  return createHash('sha256').update(canonicalJson({ cell, sourcesHash })).digest('hex').slice(0, 16);
}

/** JSON with the keys of every object sorted and no blanks. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (isObject(inner) ? sortKeys(inner) : inner));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sortKeys(object: Record<string, unknown>): Record<string, unknown> {
  const keys = Object.keys(object).sort();
  return Object.fromEntries(keys.map((key) => [key, object[key]]));
}
