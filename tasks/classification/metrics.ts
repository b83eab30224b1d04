/**
 * Scores of a classifier, equal to scikit-learn's `accuracy_score`, `f1_score(average='macro', zero_division=0)` and
 * `matthews_corrcoef`. All are fractions of 1; labels are numbers or names.
 */

type Label = string | number;

/** Share of right answers. @throws when there are none, or not one for each expected label */
export function accuracy(expected: readonly Label[], predicted: readonly Label[]): number {
  checkPairs(expected, predicted);
  return expected.filter((label, i) => label === predicted[i]).length / expected.length;
}

/**
 * Mean of the classes' F1 = 2 TP / (2 TP + FP + FN), each class counting the same.
 *
 * @param labels - the classes to average over; by default those that are expected or predicted at least once. A class
 *   that is in neither list counts as 0.
 * @throws when there is nothing to score, or not one prediction for each expected label
 */
export function macroF1(
  expected: readonly Label[],
  predicted: readonly Label[],
  labels: readonly Label[] = [...new Set([...expected, ...predicted])],
): number {
  checkPairs(expected, predicted);
  const { right, inExpected, inPredicted } = countLabels(expected, predicted);
  const scores = labels.map((label) => {
    // TP + FN is how often a class is expected, TP + FP how often it is predicted.
    const all = (inExpected.get(label) ?? 0) + (inPredicted.get(label) ?? 0);
    return all === 0 ? 0 : (2 * (right.get(label) ?? 0)) / all;
  });
  return scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

/**
 * Matthews' correlation for any number of classes (Gorodkin 2004), -1 to 1; 0 when either side has one class only.
 *
 * @throws when there is nothing to score, or not one prediction for each expected label
 */
export function mcc(expected: readonly Label[], predicted: readonly Label[]): number {
  checkPairs(expected, predicted);
  const { right, inExpected, inPredicted } = countLabels(expected, predicted);
  const n = expected.length;
  const correct = [...right.values()].reduce((sum, count) => sum + count, 0);
  const dot = (a: ReadonlyMap<Label, number>, b: ReadonlyMap<Label, number>) =>
    [...a].reduce((sum, [label, count]) => sum + count * (b.get(label) ?? 0), 0);
  const covariance = correct * n - dot(inExpected, inPredicted);
  const spread = (n * n - dot(inPredicted, inPredicted)) * (n * n - dot(inExpected, inExpected));
  return spread === 0 ? 0 : covariance / Math.sqrt(spread);
}

function countLabels(expected: readonly Label[], predicted: readonly Label[]) {
  const right = new Map<Label, number>();
  const inExpected = new Map<Label, number>();
  const inPredicted = new Map<Label, number>();
  const count = (counts: Map<Label, number>, label: Label) => counts.set(label, (counts.get(label) ?? 0) + 1);
  for (const [i, label] of expected.entries()) {
    const answer = predicted[i] as Label;
    count(inExpected, label);
    count(inPredicted, answer);
    if (label === answer) count(right, label);
  }
  return { right, inExpected, inPredicted };
}

function checkPairs(expected: readonly Label[], predicted: readonly Label[]): void {
  if (expected.length === 0) throw new Error('there is nothing to score: no expected labels');
  if (expected.length !== predicted.length) {
    throw new Error(
      `${expected.length} expected labels and ${predicted.length} predicted ones: they must be as many`,
    );
  }
}
