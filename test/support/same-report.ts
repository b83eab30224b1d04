/** What two runs of one plan must agree in: all that does not depend on time and machine. */
import { expect } from 'vitest';
import { readRecords } from '../../harness/read-records.js';
import type { RunRecord } from '../../harness/record.js';

export function withoutTimes({
  provenance,
  memory,
  seconds,
  compilation,
  curve,
  throughput,
  ...rest
}: RunRecord) {
  const { sourcesSha256, preset } = provenance;
  const measured = [memory.peakTensorBytes, seconds, ...Object.values(throughput ?? {})];
  expect(measured.every((each) => each === null || each >= 0)).toBe(true);
  return {
    ...rest,
    compilation: compilation?.decision ?? null,
    curve: curve.map(({ epoch, trainLoss, validationAccuracy, validationMacroF1 }) => ({
      ...{ epoch, trainLoss, validationAccuracy, validationMacroF1 },
    })),
    sourcesSha256,
    preset,
  };
}

interface Summary {
  readonly tables: readonly { readonly cells: readonly unknown[] }[];
  readonly claims: readonly unknown[];
}

/** The records of two folders, and what the reports of both say. */
export async function expectSameReport(
  [left, leftJson]: readonly [string, string],
  [right, rightJson]: readonly [string, string],
): Promise<void> {
  const [a, b] = await Promise.all([left, right].map(async (out) => sorted(await readRecords([out]))));
  expect(a!.map(({ id }) => id)).toEqual(b!.map(({ id }) => id));
  expect(a!.map(withoutTimes)).toEqual(b!.map(withoutTimes));
  const [one, other] = [leftJson, rightJson].map((text) => JSON.parse(text) as Summary);
  expect(one!.tables.flatMap(({ cells }) => cells).length).toBeGreaterThan(0);
  expect(other!.tables).toEqual(one!.tables);
  expect(other!.claims).toEqual(one!.claims);
}

const sorted = (records: RunRecord[]): RunRecord[] => records.toSorted((a, b) => (a.id < b.id ? -1 : 1));
