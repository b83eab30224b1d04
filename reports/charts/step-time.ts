/** Figure 2: seconds a step by length, inference and training. */
import { seconds, secondsRange, thousands } from '../format.js';
import type { SpeedSetting } from '../summary/speed-contract.js';
import { physicalFloor } from '../summary/physical-floor.js';
import { byLength, type LengthValue, recordsOf } from './by-length.js';
import type { Chart } from './chart.js';
import { failureSentence, failuresOf } from './failures.js';

/** @returns null where nothing was timed */
export function stepTimeChart(setting: SpeedSetting): Chart | null {
  const values = setting.points.flatMap((point): LengthValue[] => {
    const { title, architecture, mode, length, median, interval, samples } = point;
    const n = samples.length;
    if (median === null) return [];
    const [low, high] = interval ?? [median, median];
    const floor = physicalFloor(setting, point);
    const value = { title, architecture, mode, length, value: median, low, high, n, source: 'here' } as const;
    return [floor === null ? value : { ...value, floor: floor.seconds }];
  });
  if (values.length === 0) return null;
  const failures = failuresOf(setting);
  const hasFloor = values.some(({ floor }) => floor !== undefined);
  return {
    id: `time-${setting.id}`,
    title: 'Time of a step by sequence length',
    description: `Median seconds of a step with ${thousands(setting.tokens)} tokens, on logarithmic axes, with 95 % intervals; inference on the left, training on the right. Lower is better; a flat line is linear cost.${hasFloor ? ' The short marks are the physical floor: the step’s multiply-adds at the rate of the fastest matrix product measured here. A point below its mark would be impossible.' : ''}${failureSentence(failures)}`,
    misleads:
      'Both axes are logarithmic: equal distances are equal ratios, and a line that looks a little steeper may be twice as slow. Seconds of another machine do not compare; ratios may.',
    relative: [{ fields: ['value', 'low', 'high', 'floor'], within: ['mode', 'length'], as: 'ratio' }],
    spec: byLength(values, axis, failures),
    table: {
      columns: ['Architecture', 'Mode', 'Length', 'Median', '95 % interval', 'Physical floor'],
      rows: [
        ...values.map(rowOf),
        ...failures.map(({ title, mode, length, failure }) => [
          ...[title, mode, thousands(length), failure],
          ...['none', 'unknown'],
        ]),
      ],
      drawn: { column: 3, records: recordsOf(setting, [...values, ...failures]) },
    },
  };
}

const axis = {
  title: 'time of a step',
  label: "datum.value < 1 ? format(1000 * datum.value, '~r') + ' ms' : format(datum.value, '~r') + ' s'",
};

const rowOf = ({ title, mode, length, value, low, high, floor }: LengthValue): string[] => [
  title,
  mode,
  thousands(length),
  seconds(value),
  low === high ? 'none' : secondsRange([low, high]),
  floor === undefined ? 'unknown' : `${seconds(floor)}${value < floor ? ', impossible' : ''}`,
];
