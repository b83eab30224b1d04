/** The table of one speed setting: a group a length, times and ratios in both modes, memory. */
import { bytes, seconds, secondsRange, significant, thousands } from '../format.js';
import type { SpeedFigure, SpeedMode } from '../paper/contract.js';
import type { SpeedPoint, SpeedSetting } from '../summary/speed-contract.js';
import { failureWords } from '../summary/failure-words.js';
import { ratioOf } from '../summary/ratio.js';
import { publishedRatio, referencePoint } from '../summary/speed.js';
import { speedNotes } from '../summary/speed-notes.js';
import { emptyCell, type Grid, type GridCell, type GridRow, measuredCell, textCell } from './grid.js';

const modes = ['inference', 'training'] as const;
const columns = ['median step', '× Fastformer', 'paper’s ×', 'peak of tensors'];

export function speedGrid(figure: SpeedFigure, setting: SpeedSetting): Grid {
  const lengths = [...new Set(setting.points.map((point) => point.length))];
  return {
    id: setting.id,
    caption: `Time and memory of a step of ${thousands(setting.tokens)} tokens, by length`,
    corner: 'Architecture',
    columns: [
      { title: 'Inference', columns },
      { title: 'Training', columns },
      { title: 'Runs', columns: ['n'] },
    ],
    groups: lengths.map((length) => ({
      title: `Length ${thousands(length)}, batch ${thousands(setting.tokens / length)}`,
      length,
      rows: rowsAt(figure, setting, length),
    })),
  };
}

function rowsAt(figure: SpeedFigure, setting: SpeedSetting, length: number): GridRow[] {
  const points = setting.points.filter((point) => point.length === length);
  return [...new Set(points.map(({ title }) => title))].map((header) => {
    const own = points.filter((point) => point.title === header);
    const steps = [...new Set(own.map((point) => String(point.samples.length)))];
    return {
      header,
      cells: [
        ...modes.flatMap((mode) =>
          modeCells(
            figure,
            setting,
            own.find((point) => point.mode === mode),
          ),
        ),
        measuredCell(textCell(steps.join(' / ')), own.flatMap(runsOf)),
      ],
      records: own.flatMap(runsOf).map(({ id }) => id),
    };
  });
}

const runsOf = ({ records, failed }: SpeedPoint) => [...records, ...failed];

function modeCells(figure: SpeedFigure, setting: SpeedSetting, point: SpeedPoint | undefined): GridCell[] {
  if (point?.median == null) {
    const failure = point?.failed[0]?.failure ?? null;
    const why = failure === null ? emptyCell : textCell('—', failureWords(failure));
    return [measuredCell(why, point?.failed ?? []), emptyCell, emptyCell, emptyCell];
  }
  const { interval, median } = point;
  const below = [...(interval === null ? [] : [secondsRange(interval)]), ...speedNotes(setting, point)];
  return [
    measuredCell(textCell(seconds(median), below.length === 0 ? undefined : below.join('; ')), point.records),
    ...ratioCells(figure, setting, point),
    measuredCell(memoryCell(point), point.records),
  ];
}

function memoryCell({ peakTensorBytes, residentBytes }: SpeedPoint): GridCell {
  const process = residentBytes === null ? undefined : `process ${bytes(residentBytes)}`;
  return textCell(peakTensorBytes === null ? '—' : bytes(peakTensorBytes), process);
}

function ratioCells(figure: SpeedFigure, setting: SpeedSetting, point: SpeedPoint): GridCell[] {
  const reference = referencePoint(figure, setting, point);
  if (reference === point) return [measuredCell(textCell('1'), point.records), textCell('1')];
  const ratio = reference === undefined ? null : ratioOf(point, reference);
  const published = publishedRatio(figure, point.architecture, point.mode, point.length);
  const range = ratio?.interval ?? null;
  return [
    ratio === null
      ? emptyCell
      : measuredCell(
          textCell(
            significant(ratio.value),
            range === null ? undefined : `${significant(range[0])} – ${significant(range[1])}`,
          ),
          [...point.records, ...(reference?.records ?? [])],
        ),
    published === null ? emptyCell : textCell(significant(published)),
  ];
}

/** The paper's ratios of the architectures that did not run, at its own lengths 128, 512 and 1,024. */
export function absentGrid(figure: SpeedFigure, settings: readonly SpeedSetting[]): Grid | null {
  const ran = new Set(settings.flatMap((setting) => setting.points.map((point) => point.architecture)));
  const absent = figure.rows.filter(({ architecture }) => !ran.has(architecture));
  if (absent.length === 0) return null;
  const lengths = [128, 512, 1_024];
  const ratio = (architecture: string, mode: SpeedMode, length: number): GridCell => {
    const value = publishedRatio(figure, architecture, mode, length);
    return value === null ? emptyCell : textCell(significant(value));
  };
  return {
    id: `${figure.name}-not-run`,
    caption: 'Rows of the paper that did not run: its time as a multiple of its Fastformer’s, digitised',
    corner: 'Architecture',
    columns: modes.map((mode) => ({
      title: mode === 'inference' ? 'Inference' : 'Training',
      columns: lengths.map((length) => `at ${thousands(length)}`),
    })),
    groups: [
      {
        title: null,
        rows: absent.map(({ architecture, title }) => ({
          header: title,
          cells: modes.flatMap((mode) => lengths.map((length) => ratio(architecture, mode, length))),
          records: [],
        })),
      },
    ],
  };
}
