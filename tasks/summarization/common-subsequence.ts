/**
 * Longest common subsequences of two token sequences: their length, and which tokens of the first one are in it.
 *
 *     L[i][j] = L[i-1][j-1] + 1             where a[i] = b[j]
 *             = max(L[i-1][j], L[i][j-1])   elsewhere
 *
 * Tokens are numbers here: whoever compares texts numbers them once, and numbers compare faster than texts.
 */

type Sequence = ArrayLike<number>;

/** O(|a| |b|) time, two rows of memory. */
export function commonLength(a: Sequence, b: Sequence): number {
  let above = new Uint32Array(b.length + 1);
  let row = new Uint32Array(b.length + 1);
  for (let i = 0; i < a.length; i++) {
    fillRow(row, above, a[i] as number, b);
    [above, row] = [row, above];
  }
  return above[b.length] as number;
}

/**
 * Positions in `a` of one longest common subsequence, rising.
 *
 * Where several are longest, the choice is that of Google's rouge_score, which the union of ROUGE-Lsum depends on:
 * from the ends, equal tokens are taken; else the last token of `b` is dropped only when that alone keeps the length.
 */
export function commonPositions(a: Sequence, b: Sequence): number[] {
  const rows = [new Uint32Array(b.length + 1)];
  for (let i = 0; i < a.length; i++) {
    const row = new Uint32Array(b.length + 1);
    fillRow(row, rows[i] as Uint32Array, a[i] as number, b);
    rows.push(row);
  }
  const positions: number[] = [];
  const length = (i: number, j: number) => rows[i]?.[j] as number;
  let [i, j] = [a.length, b.length];
  while (i > 0 && j > 0) {
    if (a[i - 1] === b[j - 1]) {
      i -= 1;
      j -= 1;
      positions.push(i);
    } else if (length(i, j - 1) > length(i - 1, j)) j -= 1;
    else i -= 1;
  }
  return positions.reverse();
}

/** L[i] from L[i-1] for a[i] = `token`. */
function fillRow(row: Uint32Array, above: Uint32Array, token: number, b: Sequence): void {
  for (let j = 1; j <= b.length; j++) {
    row[j] =
      token === b[j - 1] ? (above[j - 1] as number) + 1 : Math.max(above[j] as number, row[j - 1] as number);
  }
}
