/** What the O(...) of a paper says about the length N. */

/** `log N` or `log(N)`: grows more slowly than any power, and counts as none. */
const logarithm = /log[²₂]?\s*(?:\(\s*N\s*\)|N)/gu;

/**
 * The power of N that a cost grows by: `O(N²·D)` 2, `O(N·D)` 1, `O(N·log N·D)` 1, `O(N·√N·D)` 1.5.
 *
 * Of a sum, the fastest growing term counts; of a product, the powers add up.
 */
export function lengthExponent(complexity: string): number {
  const inside = /^\s*O\((.*)\)\s*$/u.exec(complexity)?.[1] ?? complexity;
  return ofSum(inside.replace(logarithm, ''));
}

const ofSum = (sum: string): number => Math.max(...split(sum, /\+/u).map(ofProduct));

const ofProduct = (product: string): number =>
  split(product, /[·*×\s]/u).reduce((total, factor) => total + ofFactor(factor), 0);

const powers: Readonly<Record<string, number>> = { '²': 2, '³': 3 };

/** `N`, `N²`, `N^1.5`, `√N`, `(N + M)²`, or a letter that is not N. */
function ofFactor(factor: string): number {
  const [, root = '', base = '', sign, exponent] =
    /^(√?)(.*?)(?:([²³])|\^(\d+(?:\.\d+)?))?$/u.exec(factor) ?? [];
  const power = (powers[sign ?? ''] ?? Number(exponent ?? 1)) * (root === '' ? 1 : 0.5);
  const inside = /^\((.*)\)$/u.exec(base)?.[1];
  if (inside !== undefined) return power * ofSum(inside);
  return base === 'N' ? power : 0;
}

/** Parts between separators that stand outside of parentheses. */
function split(text: string, separator: RegExp): string[] {
  const parts = [''];
  let depth = 0;
  for (const character of text) {
    if (character === '(') depth++;
    if (character === ')') depth--;
    if (depth === 0 && separator.test(character)) parts.push('');
    else parts.push((parts.pop() ?? '') + character);
  }
  return parts;
}
