/** Matrices as arrays of numbers in float64, for second implementations in plain loops. */
import type { Variable } from '@tensorflow/tfjs-core';

export type Matrix = number[][];

/** The entry, which exists: a second implementation that reads past an end is wrong. */
export function at<T>(values: readonly T[], index: number): T {
  const value = values[index];
  if (value === undefined) throw new Error(`no entry ${index} of ${values.length}`);
  return value;
}

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

export const dot = (a: readonly number[], b: readonly number[]): number =>
  sum(a.map((value, i) => value * at(b, i)));

/** x . kernel + bias, row by row. */
export const times = (x: Matrix, kernel: Matrix, bias: readonly number[] | null = null): Matrix =>
  x.map((row) =>
    at(kernel, 0).map((_, j) =>
      row.reduce((total, value, i) => total + value * at(at(kernel, i), j), bias === null ? 0 : at(bias, j)),
    ),
  );

/** One number for every column of a matrix. */
export const column = (rows: Matrix, reduce: (values: number[]) => number): number[] =>
  at(rows, 0).map((_, i) => reduce(rows.map((row) => at(row, i))));

/** Parameters by name. */
export interface Weights {
  matrix(name: string): Matrix;
  vector(name: string): number[];
}

export function weightsOf(parameters: ReadonlyMap<string, Variable>): Weights {
  const read = (name: string) => {
    const variable = parameters.get(name);
    if (variable === undefined) throw new Error(`no parameter ${name}`);
    return variable.arraySync();
  };
  return { matrix: (name) => read(name) as Matrix, vector: (name) => read(name) as number[] };
}
