/**
 * Table 7: how cost grows with the length, by the papers. Nothing in it was measured: here it stands beside what is
 * counted, and beside how time and memory grow over the lengths of figure 2.
 */
import type { ComplexityTable } from './contract.js';
import { figure2 } from './figure-2.js';

/** As printed; eps is the error of Linformer's approximation, K the tokens that one attends to, w a window. */
const declared: Readonly<Record<string, string>> = {
  transformer: 'O(N²·d)',
  longformer: 'O(N·K·d)',
  bigbird: 'O(N·K·d)',
  linformer: 'O(N·d/ε²)',
  linear: 'O(N·d²)',
  poolingformer: 'O(N·d·w)',
  fastformer: 'O(N·d)',
};

export const table7: ComplexityTable = {
  kind: 'complexity',
  name: 'table-7',
  title: 'Growth of cost with the length',
  where: 'Table 7, section 4.3',
  rows: figure2.rows,
  declared: (architecture) =>
    Object.hasOwn(declared, architecture) ? (declared[architecture] ?? null) : null,
  howToRead: [
    'Every number is a power of the length N: 1 means that twice the length costs twice as much, 2 that it costs four times as much. What has no O(...) in the table is held against the O(...) of its own paper.',
    'Counted: multiply-adds of the matrix products, and bytes of what they put out, in a forward pass of one mixer between 512 and 4,096 tokens. Exact, the same on every machine. The hidden size is 16 with one head, so that the dense layers round a mixer, which the table leaves out, weigh little.',
    'Measured: the slope of time, or of peak tensor bytes, of one sequence over its length on logarithmic axes, with a 95 % interval. A step holds the same number of tokens at every length, so one sequence costs a step divided by its batch.',
    'Red: counted and declared lie further than 0.1 apart, or the whole interval of what was measured does.',
  ],
  caveats: [
    'O(...) is a bound for long sequences. What is measured holds whole encoders, with dense layers and parameters that are linear in N or constant: a quadratic mixer shows its 2 only where it outweighs these, far beyond the shortest lengths.',
    'The table leaves out the linear transformations before and after attention (its footnote 9). Fastformer’s O(N·d) is without its O(N·d²) projections; N grows alike in both.',
    'A power hides the factor: two architectures of power 1 may differ tenfold in time.',
  ],
  // The records of figure 2, and no others.
  cells: (request) => figure2.cells(request),
};
