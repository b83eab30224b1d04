/** Figure 2: seconds a step by length, inference and training. */
import { seconds, secondsRange, thousands } from '../format.js';
import type { SpeedSetting } from '../summary/contract.js';
import { byLength, type LengthValue } from './by-length.js';
import type { Chart } from './chart.js';

/** @returns null where nothing was timed */
export function stepTimeChart(setting: SpeedSetting): Chart | null {
  const values = setting.points.flatMap(
    ({ title, architecture, mode, length, median, interval }): LengthValue[] => {
      if (median === null) return [];
      const [low, high] = interval ?? [median, median];
      return [{ title, architecture, mode, length, value: median, low, high, source: 'here' }];
    },
  );
  if (values.length === 0) return null;
  return {
    id: `time-${setting.id}`,
    title: 'Time of a step by sequence length',
    description: `Median seconds of a step with ${thousands(setting.tokens)} tokens, on logarithmic axes, with 95 % intervals; inference on the left, training on the right. Lower is better; a flat line is linear cost.`,
    spec: byLength(values, {
      title: 'time of a step',
      label: "datum.value < 1 ? format(1000 * datum.value, '~r') + ' ms' : format(datum.value, '~r') + ' s'",
    }),
    table: {
      columns: ['Architecture', 'Mode', 'Length', 'Median', '95 % interval'],
      rows: values.map(({ title, mode, length, value, low, high }) => [
        title,
        mode,
        thousands(length),
        seconds(value),
        low === high ? 'none' : secondsRange([low, high]),
      ]),
    },
  };
}
