/**
 * Rank groups as letters: rows that share a letter are not told apart.
 *
 * Insertion and absorption (Piepho 2004, An Algorithm for a Letter-Based Representation of All-Pairwise Comparisons).
 */
import { allPairs } from './pairs.js';

/**
 * @param count - of the rows, best first
 * @param apart - whether two rows are told apart, by their places
 * @returns the letters of each row, `ab`; the best row has an `a`
 */
export function lettersOf(count: number, apart: (above: number, below: number) => boolean): string[] {
  const rows = Array.from({ length: count }, (_, row) => row);
  let groups = [rows];
  for (const [above, below] of allPairs(rows))
    if (apart(above, below)) groups = maximal(groups.flatMap((group) => without(group, above, below)));
  const ordered = groups.toSorted(byPlaces);
  return rows.map((row) => ordered.map((group, i) => (group.includes(row) ? letter(i) : '')).join(''));
}

/** A group with both becomes two, each with one of them. */
const without = (group: readonly number[], above: number, below: number): number[][] =>
  group.includes(above) && group.includes(below)
    ? [above, below].map((gone) => group.filter((row) => row !== gone))
    : [[...group]];

/** Groups inside another one say nothing; of two equal ones the first is kept. */
const maximal = (groups: readonly number[][]): number[][] =>
  groups.filter(
    (group, i) =>
      !groups.some(
        (other, j) =>
          i !== j && group.every((row) => other.includes(row)) && (other.length > group.length || j < i),
      ),
  );

/** By their first rows, then their second ones. */
function byPlaces(a: readonly number[], b: readonly number[]): number {
  const place = a.findIndex((row, i) => row !== b[i]);
  return place < 0 ? 0 : (a[place] ?? 0) - (b[place] ?? -1);
}

/** `a` to `z`, then `aa`: more groups than letters are not met. */
const letter = (index: number): string =>
  (index < 26 ? '' : letter(Math.floor(index / 26) - 1)) + String.fromCharCode(97 + (index % 26));
