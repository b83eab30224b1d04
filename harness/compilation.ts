/** What a record says of how steps were run, taken from the steps themselves. */
import type { Compilation, Precision } from './backends/compile.js';
import type { Outcome } from './record.js';

interface Compiled {
  readonly compilation: Compilation;
}

/**
 * @param step - the step that the cell is about
 * @param others - steps beside it, whose costs count too
 */
export function describeExecution(
  step: Compiled,
  others: readonly Compiled[],
  precision: Precision,
): Pick<Outcome, 'execution' | 'precision' | 'compilation'> {
  const all = [step, ...others].map(({ compilation }) => compilation);
  const sum = (values: readonly number[]) => values.reduce((total, each) => total + each, 0);
  const reasons = all.map(({ reason }) => reason).filter((reason) => reason !== null);
  return {
    execution: step.compilation.decision,
    precision,
    compilation: {
      ...step.compilation,
      traceSeconds: sum(all.map(({ traceSeconds }) => traceSeconds)),
      firstStepSeconds: sum(all.map(({ firstStepSeconds }) => firstStepSeconds)),
      reason: reasons[0] ?? null,
    },
  };
}
