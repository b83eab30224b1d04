/** Gates on a comparison: `slower:5%,memory:1%,accuracy`. One regression beyond its limit is enough. */
import type { Change, Quantity, RecordsComparison, Uncompared } from './contract.js';

export const gateNames = ['slower', 'memory', 'accuracy'] as const;
export type GateName = (typeof gateNames)[number];

export interface Gate {
  readonly name: GateName;
  /** A share of 1; of scores a difference of fractions. 0: whatever is detected. */
  readonly limit: number;
}

export interface GateResult extends Gate {
  /** How many changes it looked at. */
  readonly judged: number;
  /** Of them, how many told nothing. */
  readonly noisy: number;
  readonly changes: readonly Change[];
  /** Cells that had a result in base and fail in head. */
  readonly failures: readonly Uncompared[];
  readonly tripped: boolean;
}

const quantityOf: Readonly<Record<GateName, Quantity>> = {
  slower: 'time',
  memory: 'memory',
  accuracy: 'score',
};

/** Trips by what is detected as worse, by more than the limit, and by what does not work any more. */
export function judgeGate(gate: Gate, { changes, uncompared }: RecordsComparison): GateResult {
  const quantity = quantityOf[gate.name];
  const own = changes.filter((change) => change.quantity === quantity);
  const beyond = own.filter(({ verdict, change }) => verdict === 'worse' && Math.abs(change) > gate.limit);
  const failures = uncompared.filter(
    ({ kind, quantities }) => kind === 'fails in head' && quantities.includes(quantity),
  );
  return {
    ...gate,
    judged: own.length + failures.length,
    noisy: own.filter(({ verdict }) => verdict === 'too noisy').length,
    changes: beyond,
    failures,
    tripped: beyond.length + failures.length > 0,
  };
}
