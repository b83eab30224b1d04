/** One named check of an architecture: what was measured against what is allowed. */
export interface Check {
  readonly name: string;
  readonly passed: boolean;
  readonly measured: number;
  readonly allowed: number;
  readonly detail: string;
}

/** Passes when no more was measured than is allowed; NaN never does. */
export const limit = (name: string, measured: number, allowed: number, detail: string): Check => ({
  name,
  passed: measured <= allowed,
  measured,
  allowed,
  detail,
});

/** What was measured in one of several places. */
export interface Finding {
  readonly where: string;
  readonly error: number;
}

/** The worst of several findings, where NaN is worse than everything. */
export function worstOf(findings: readonly Finding[]): Finding {
  const none: Finding = { where: 'nothing', error: 0 };
  return findings.reduce(
    (most, each) => (Number.isNaN(most.error) || most.error >= each.error ? most : each),
    none,
  );
}
