/** Made-up records of a whole preset: every cell of every table, as a full run would leave them. */
import { architectures } from '../../architectures/index.js';
import type { Cell } from '../../harness/cell.js';
import type { RunRecord } from '../../harness/record.js';
import { tables } from '../../reports/paper/index.js';
import { presets, type PresetName } from '../../reports/paper/presets.js';
import { canonical } from '../../reports/summary/records.js';
import { dataFacts, recordOf } from './records.js';
import { rankingRecord, summaryRecord } from './score-records.js';

/** The cells of all tables for the architectures that run when none are named, each once. */
export function cellsOf(preset: PresetName): Cell[] {
  const usual = [...tables.flatMap(({ rows }) => rows.map(({ architecture }) => architecture)), 'none'];
  const chosen = architectures
    .filter(({ name }) => usual.includes(name))
    .map(({ name, options }) => ({ name, options: options.parse({}) }));
  const request = {
    preset,
    backend: 'tensorflow',
    architectures: chosen as { name: string; options: Record<string, never> }[],
    datasets: ['amazon-electronics', 'imdb', 'mind-topics'].map((name) => ({ name, options: {} })),
    seeds: Array.from({ length: presets[preset].seeds }, (_, index) => index + 1),
    news: { name: 'mind-small', options: {} },
    summaries: ['cnn-dailymail', 'pubmed'].map((name) => ({ name, options: {} })),
  };
  const cells = tables.flatMap((table) => table.cells(request));
  return [...new Map(cells.map((cell) => [canonical(cell), cell])).values()];
}

/** Not constant, and the same every time. */
const wave = (index: number): number => Math.sin(12.9898 * index);

export const planRecords = (preset: PresetName): RunRecord[] => cellsOf(preset).map(planRecord);

function planRecord(cell: Cell, index: number): RunRecord {
  if (cell.kind === 'speed') {
    const seconds = (cell.encoder.length / 512) ** 0.4 * (1 + 0.3 * wave(cell.architecture.length));
    const samples = Array.from(
      { length: cell.samples },
      (_, step) => seconds * (1 + 0.02 * wave(index + step)),
    );
    return recordOf(cell, {
      samples,
      seconds,
      memory: { peakTensorBytes: 1e8, peakResidentBytes: 4e8, baselineResidentBytes: 1e8 },
    });
  }
  const score = 0.6 + 0.1 * wave(cell.architecture.length) + 0.01 * wave(index);
  if (cell.task === 'recommendation') return rankingRecord(cell, score);
  if (cell.task === 'summarization') return summaryRecord(cell, score / 2);
  return recordOf(cell, {
    metrics: { accuracy: score, macroF1: score - 0.05 },
    data: dataFacts(),
    curve: [1, 2, 3].map((epoch) => ({
      epoch,
      trainLoss: 1.5 / epoch,
      validationAccuracy: score - 0.1 / epoch,
      validationMacroF1: score - 0.2 / epoch,
      seconds: 40 * epoch,
    })),
    bestEpoch: 3,
  });
}
