/** Peak memory of a step by length. */
import { bytes, thousands } from '../format.js';
import type { SpeedSetting } from '../summary/speed-contract.js';
import { byLength, type LengthValue, recordsOf } from './by-length.js';
import type { Chart } from './chart.js';
import { failureSentence, failuresOf } from './failures.js';

/** @returns null where the backend could not tell */
export function memoryChart(setting: SpeedSetting): Chart | null {
  const values = setting.points.flatMap(
    ({ title, architecture, mode, length, peakTensorBytes, records }): LengthValue[] => {
      if (peakTensorBytes === null) return [];
      const value = peakTensorBytes / 1e6;
      return [
        {
          title,
          architecture,
          mode,
          length,
          value,
          low: value,
          high: value,
          n: records.length,
          source: 'here',
        },
      ];
    },
  );
  if (values.length === 0) return null;
  const failures = failuresOf(setting);
  return {
    id: `memory-${setting.id}`,
    title: 'Peak memory of a step by sequence length',
    description: `Bytes of all tensors alive at once at the peak of a step with ${thousands(setting.tokens)} tokens, on logarithmic axes; inference on the left, training on the right. Lower is better.${failureSentence(failures)}`,
    misleads:
      'It is what tensors hold, not what the process takes: libraries, fragmentation and the allocator come on top. Both axes are logarithmic.',
    relative: [{ fields: ['value', 'low', 'high'], within: ['mode', 'length'], as: 'ratio' }],
    spec: byLength(
      values,
      { title: 'peak of all tensors', label: "format(datum.value, ',~r') + ' MB'" },
      failures,
    ),
    table: {
      columns: ['Architecture', 'Mode', 'Length', 'Peak of all tensors'],
      rows: [
        ...values.map(({ title, mode, length, value }) => [
          title,
          mode,
          thousands(length),
          bytes(value * 1e6),
        ]),
        ...failures.map(({ title, mode, length, failure }) => [title, mode, thousands(length), failure]),
      ],
      drawn: { column: 3, records: recordsOf(setting, [...values, ...failures]) },
    },
  };
}
