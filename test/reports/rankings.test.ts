import { describe, expect, it } from 'vitest';
import { cellSchema } from '../../harness/cell.js';
import { planCells } from '../../reports/paper/index.js';
import { presetNames } from '../../reports/paper/presets.js';
import { rankingFloorCell, recommenderCell } from '../../reports/paper/ranking-cells.js';
import { table5 } from '../../reports/paper/table-5.js';
import { buildReport } from '../../reports/index.js';
import { type Summary, summarize } from '../../reports/summary.js';
import { recordOf } from '../support/records.js';
import { rankingRecord as record } from '../support/score-records.js';

const news = { name: 'mind-small', options: {} };
const fastformer = { name: 'fastformer', options: {} };
const transformer = { name: 'transformer', options: {} };
const request = {
  preset: 'laptop' as const,
  backend: 'tensorflow',
  architectures: [transformer, fastformer],
  datasets: [],
  seeds: [1, 2],
  news,
};
const newsVectors = { name: 'unilm.txt', sha256: 'c'.repeat(64) };

const cellOf = (summary: Summary, row: string, column = 'AUC') =>
  summary.tables.flatMap(({ cells }) => cells).find((cell) => cell.row === row && cell.column === column)!;

describe('table 5', () => {
  it('holds the 48 published values', () => {
    const values = table5.rows.flatMap(({ key }) =>
      (['auc', 'mrr', 'ndcg5', 'ndcg10'] as const).map((name) => table5.published(key, name)),
    );
    expect(values.filter((value) => value !== null)).toHaveLength(48);
    expect(table5.published('fastformer', 'auc')).toBe(0.6911);
    expect(table5.published('nrms', 'ndcg10')).toBe(0.422);
    expect(table5.published('fastformer-vectors-ensemble', 'ndcg5')).toBe(0.4151);
  });

  it('plans floors, every architecture with and without the topic, NRMS and an ensemble', () => {
    const cells = planCells([table5], request);
    expect(cells.filter(({ kind }) => kind === 'ranking-floor')).toHaveLength(4);
    const recommenders = cells.filter((cell) => cell.kind === 'recommender');
    for (const architecture of ['transformer', 'fastformer'])
      for (const category of [false, true])
        expect(
          recommenders.some(
            (cell) => cell.architecture === architecture && cell.recommender.category === category,
          ),
        ).toBe(true);
    expect(recommenders.filter(({ recommender }) => recommender.heads === 20)).toHaveLength(1);
    expect(recommenders.filter(({ members }) => members > 1)).toHaveLength(1);
  });

  it('plans nothing without MIND, and the rows of given vectors only with a file of them', () => {
    expect(planCells([table5], { ...request, news: null })).toEqual([]);
    const given = planCells([table5], { ...request, newsVectors }).filter(
      (cell) => cell.kind === 'recommender' && cell.training.newsVectors !== undefined,
    );
    expect(given.length).toBeGreaterThan(0);
  });

  it.each(presetNames)('%s plans valid cells', (preset) => {
    const cells = planCells([table5], { ...request, preset, newsVectors });
    for (const cell of cells) expect(cellSchema.safeParse(cell).success).toBe(true);
  });

  it('starts words from GloVe where the preset asks for it and it is installed', () => {
    const newsWords = { choice: { name: 'words.json', sha256: 'e'.repeat(64) }, width: 100 };
    const words = (preset: 'smoke' | 'paper') =>
      recommenderCell(fastformer, news, 1, { preset, backend: 'wasm', newsWords });
    expect(words('paper').training.wordVectors).toEqual(newsWords.choice);
    expect(words('paper').recommender.wordSize).toBe(100);
    expect(words('smoke').training.wordVectors).toBeUndefined();
  });
});

describe('a summary of rankings', () => {
  const plain = (seed: number) => recommenderCell(fastformer, news, seed, request);
  const floor = rankingFloorCell('click-rate', news, 1, request);

  it('puts the paper beside the mean over seeds, with both intervals by name, and compares no value', () => {
    const cell = cellOf(summarize([record(plain(1), 0.6), record(plain(2), 0.62)]), 'Fastformer');
    expect(cell.ours).toBeCloseTo(0.61, 12);
    expect(cell.published).toBe(0.6911);
    expect(cell.n).toBe(2);
    expect(cell.interval![0]).toBeCloseTo(0.61 - 12.706204736432095 * 0.01, 8);
    expect(cell.impressionInterval![0]).toBeCloseTo(0.59, 12);
    expect(cell.verdict).toBe('not comparable');
    expect(cell.reason).toMatch(/large edition.*no deviation/);
  });

  it('keeps a row with the topic, an ensemble, NRMS and given vectors apart', () => {
    const nrms = recommenderCell(transformer, news, 1, request, { sizes: { heads: 20, hidden: 400 } });
    const summary = summarize([
      record(plain(1), 0.6),
      record(recommenderCell(fastformer, news, 1, request, { category: true }), 0.61),
      record(recommenderCell(fastformer, news, 1, request, { category: true, members: 3 }), 0.62),
      record(recommenderCell(fastformer, news, 1, request, { newsVectors }), 0.63),
      record(nrms, 0.64),
      record(floor, 0.52),
    ]);
    const settings = summary.tables.find(({ name }) => name === 'table-5')!.settings;
    expect(settings).toHaveLength(1);
    expect(cellOf(summary, 'NRMS').ours).toBe(0.64);
    expect(cellOf(summary, 'NRMS').published).toBe(0.6818);
    expect(cellOf(summary, 'Fastformer, with topic').ours).toBe(0.61);
    expect(cellOf(summary, 'Fastformer, with topic').published).toBeNull();
    expect(cellOf(summary, 'Fastformer, with topic, ensemble of 3').ours).toBe(0.62);
    expect(cellOf(summary, 'Fastformer + PLM-NR (user encoder only)').ours).toBe(0.63);
    expect(cellOf(summary, 'Click-through rate').ours).toBe(0.52);
  });

  it('shows FIM and PLM-NR from the paper as not run, with the reason', () => {
    const summary = summarize([record(plain(1), 0.6)]);
    for (const row of ['FIM', 'PLM-NR (UniLM)']) {
      expect(cellOf(summary, row)).toMatchObject({ verdict: 'not run', ours: null });
      expect(cellOf(summary, row).reason).toMatch(/not built here/);
    }
    expect(cellOf(summary, 'Fastformer + PLM-NR (user encoder only)').reason).toContain('--news-vectors');
  });

  it('judges the paper’s claim over paired seeds', () => {
    const aucs = [0.6, 0.61, 0.605];
    const records = aucs.flatMap((auc, i) => [
      record(plain(i + 1), auc),
      record(recommenderCell(transformer, news, i + 1, request), auc - 0.02 - i / 1_000),
    ]);
    const claim = summarize(records).claims.find(({ text }) =>
      text.startsWith('Fastformer ranks news better than the'),
    );
    expect(claim?.verdict).toBe('supported');
  });

  it('never counts a run that failed', () => {
    const failed = recordOf(plain(2), { failure: { kind: 'diverged', message: 'not finite' } });
    const cell = cellOf(summarize([record(plain(1), 0.6), failed]), 'Fastformer');
    expect(cell.n).toBe(1);
    expect(cell.ours).toBe(0.6);
  });

  it('is a section of the page, with slices by history and what was wrong in the files', async () => {
    const page = await buildReport([record(plain(1), 0.6), record(floor, 0.52)], { generatedFrom: 'a test' });
    expect(page).toContain('AUC in percent by the length of the user’s history');
    expect(page).toContain('3 repeated impressions');
    expect(page).toContain('On MIND, small edition the best recommender is Fastformer with an AUC of 60.0 %');
    expect(page).toContain('58.0 to 62.0');
  });
});
