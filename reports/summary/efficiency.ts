/**
 * Efficiency length: from which length on is an architecture faster, or smaller, than the Transformer?
 *
 * Linear cost with a large factor starts above quadratic cost with a small one; the length where they cross is what a
 * reader with texts of some length needs to know. It depends on which Transformer is meant, so both forms are held
 * against.
 */
import type { Variant } from '../paper/contract.js';
import { transformers } from '../paper/textbook-forms.js';
import { efficiencyLength, median, type PairedPoint } from '../statistics/index.js';
import type { Efficiency, SpeedPoint, SpeedSetting } from './speed-contract.js';
import { repeatedTimes } from './ratio.js';
import { variantPoint } from './speed.js';

interface Beside {
  readonly length: number;
  readonly ours: SpeedPoint;
  readonly theirs: SpeedPoint;
}

/** Of every other variant against each baseline, in both modes, where two lengths or more were measured of both. */
export const efficiencyOf = (setting: SpeedSetting): Efficiency[] =>
  transformers.flatMap((baseline) => efficiencyAgainst(setting, baseline));

function efficiencyAgainst(setting: SpeedSetting, baseline: Variant): Efficiency[] {
  const titles = [...new Set(setting.points.map(({ title }) => title))];
  return (['inference', 'training'] as const).flatMap((mode) =>
    titles.flatMap((title) => {
      const points = setting.points.filter((point) => point.title === title && point.mode === mode);
      const beside = points.flatMap((ours): Beside[] => {
        const theirs = variantPoint(
          setting,
          { ...baseline, options: baseline.options ?? {} },
          mode,
          ours.length,
        );
        return theirs === undefined || theirs === ours ? [] : [{ length: ours.length, ours, theirs }];
      });
      return (['time', 'memory'] as const).flatMap((quantity) => efficiencyIn(setting, quantity, beside));
    }),
  );
}

function efficiencyIn(
  setting: SpeedSetting,
  quantity: Efficiency['quantity'],
  beside: readonly Beside[],
): Efficiency[] {
  const pairs = beside
    .map(
      ({ length, ours, theirs }): PairedPoint => ({
        length,
        ours: quantity === 'time' ? repeatedTimes(ours, theirs) : peakOf(ours),
        theirs: quantity === 'time' ? repeatedTimes(theirs, ours) : peakOf(theirs),
      }),
    )
    .filter(({ ours, theirs }) => ours.length > 0 && theirs.length > 0);
  const result = pairs.length < 2 ? null : efficiencyLength(pairs, median);
  const [first] = beside;
  if (result === null || first === undefined) return [];
  const { architecture, title, mode } = first.ours;
  const used = beside.filter(({ length }) => pairs.some((pair) => pair.length === length));
  return [
    {
      setting: setting.id,
      baseline: first.theirs.title,
      architecture,
      title,
      mode,
      quantity,
      ...result,
      lengths: pairs.map(({ length }) => length).toSorted((a, b) => a - b),
      records: used.flatMap(({ ours, theirs }) => [...ours.records, ...theirs.records]).map(({ id }) => id),
    },
  ];
}

/** Counted, so once. */
const peakOf = ({ peakTensorBytes }: SpeedPoint): number[] =>
  peakTensorBytes === null ? [] : [peakTensorBytes];
