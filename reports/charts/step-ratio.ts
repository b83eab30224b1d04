/** How many times longer than Fastformer, here and in the paper: the only way in which the two compare. */
import { significant, thousands } from '../format.js';
import type { SpeedFigure } from '../paper/contract.js';
import type { SpeedSetting } from '../summary/contract.js';
import { publishedRatio, ratioOf, referencePoint } from '../summary/speed.js';
import { byLength, type LengthValue } from './by-length.js';
import type { Chart } from './chart.js';

/** @returns null where nothing was timed beside the reference, or the paper has no point to compare with */
export function stepRatioChart(figure: SpeedFigure, setting: SpeedSetting): Chart | null {
  const values = setting.points.flatMap((point): LengthValue[] => {
    const reference = referencePoint(figure, setting, point);
    const ratio =
      reference === undefined || reference === point ? null : ratioOf(point.samples, reference.samples);
    if (ratio === null) return [];
    const { title, architecture, mode, length } = point;
    const here = { title, architecture, mode, length, source: 'here' as const };
    const [low, high] = ratio.interval ?? [ratio.value, ratio.value];
    const theirs = publishedRatio(figure, architecture, mode, length);
    const paper =
      theirs === null
        ? []
        : [{ ...here, value: theirs, low: theirs, high: theirs, source: 'paper' as const }];
    return [{ ...here, value: ratio.value, low, high }, ...paper];
  });
  if (!values.some(({ source }) => source === 'paper')) return null;
  return {
    id: `ratio-${setting.id}`,
    title: 'Time relative to Fastformer, here and in the paper',
    description:
      'How many times as long as Fastformer a step takes at the same length, on logarithmic axes. Solid lines were measured here, dashed ones are the paper’s curves divided by its Fastformer curve.',
    spec: byLength(values, { title: 'times Fastformer', label: "format(datum.value, '~r') + ' ×'" }),
    table: {
      columns: ['Architecture', 'Mode', 'Length', 'Source', 'Times Fastformer', '95 % interval'],
      rows: values.map(({ title, mode, length, source, value, low, high }) => [
        title,
        mode,
        thousands(length),
        source,
        significant(value),
        low === high ? 'none' : `${significant(low)} to ${significant(high)}`,
      ]),
    },
  };
}
