import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accuracy, macroF1, mcc } from '../../../tasks/classification/metrics.js';

type Labels = (string | number)[];

describe('classification metrics', () => {
  const expected = ['a', 'a', 'b', 'c'];
  const predicted = ['a', 'b', 'b', 'a'];

  it('counts right answers for accuracy', () => {
    expect(accuracy(expected, predicted)).toBe(0.5);
  });

  it('averages F1 over the classes of both lists, a class never right counting 0', () => {
    expect(macroF1(expected, predicted)).toBeCloseTo((1 / 2 + 2 / 3 + 0) / 3, 15);
  });

  it('counts a class that is in neither list as 0 when it is asked for', () => {
    expect(macroF1(['a'], ['a'], ['a', 'b'])).toBe(0.5);
  });

  it('gives 0 for mcc when either side has one class only', () => {
    expect(mcc(['a', 'b'], ['a', 'a'])).toBe(0);
    expect(mcc(['a', 'a'], ['a', 'b'])).toBe(0);
  });

  it('gives 1 for right answers and does not depend on what classes are called', () => {
    const pairs = fc.array(fc.tuple(fc.nat(4), fc.nat(4)), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(pairs, (list) => {
        const [truth, answer] = [list.map(([t]) => t), list.map(([, a]) => a)];
        const renamed = (labels: number[]) => labels.map((label) => `class ${9 - label}`);
        for (const metric of [accuracy, macroF1, mcc]) {
          expect(metric(renamed(truth), renamed(answer))).toBeCloseTo(metric(truth, answer), 12);
        }
        expect([accuracy(truth, truth), macroF1(truth, truth)]).toEqual([1, 1]);
      }),
    );
  });

  it('refuses empty and unequal lists', () => {
    for (const metric of [accuracy, macroF1, mcc]) {
      expect(() => metric([], [])).toThrow(/nothing to score/);
      expect(() => metric([1, 2], [1])).toThrow('2 expected labels and 1 predicted ones');
    }
  });
});

interface Golden {
  id: string;
  y_true: Labels;
  y_pred: Labels;
  labels: Labels | null;
  expected?: { accuracy: number; f1_macro: number; mcc: number };
}

const golden = new URL('../../../../shared/golden/metrics/classification.json', import.meta.url);
if (!existsSync(golden)) console.info('skipped: golden scores of scikit-learn, ../shared is not here');

describe.runIf(existsSync(golden))('classification metrics beside scikit-learn', () => {
  it('agree to 1e-12 in every golden case, and raise where it raises', () => {
    const { cases } = JSON.parse(readFileSync(golden, 'utf8')) as { cases: Golden[] };
    expect(cases.length).toBe(27);
    for (const { id, y_true, y_pred, labels, expected } of cases) {
      const f1 = () => macroF1(y_true, y_pred, labels ?? undefined);
      if (expected === undefined) {
        expect(f1, id).toThrow();
        continue;
      }
      const difference = (ours: number, theirs: number) => Math.abs(ours - theirs);
      expect(difference(accuracy(y_true, y_pred), expected.accuracy), id).toBeLessThan(1e-12);
      expect(difference(f1(), expected.f1_macro), id).toBeLessThan(1e-12);
      expect(difference(mcc(y_true, y_pred), expected.mcc), id).toBeLessThan(1e-12);
    }
  });
});
