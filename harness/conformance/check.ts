/** One named check of an architecture: what was measured against what is allowed. */
export interface Check {
  readonly name: string;
  readonly passed: boolean;
  readonly measured: number;
  readonly allowed: number;
  readonly detail: string;
}
