/** Transposition of a matrix in memory, in blocks that fit the cache. */

const block = 32;

/** Writes the transpose of `source` [rows, columns] to `target` [columns, rows]. */
export function transposeMatrix(
  source: Float32Array,
  target: Float32Array,
  rows: number,
  columns: number,
): void {
  for (let top = 0; top < rows; top += block) {
    const bottom = Math.min(top + block, rows);
    for (let left = 0; left < columns; left += block) {
      const right = Math.min(left + block, columns);
      for (let column = left; column < right; column++) {
        for (let row = top; row < bottom; row++) {
          target[column * rows + row] = source[row * columns + column] as number;
        }
      }
    }
  }
}
