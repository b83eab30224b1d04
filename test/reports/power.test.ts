import { describe, expect, it } from 'vitest';
import { powerLines } from '../../cli/findings.js';
import { viewOf } from '../../reports/page/view.js';
import { tables } from '../../reports/paper/index.js';
import { summarize } from '../../reports/summary.js';
import type { RunRecord } from '../../harness/record.js';
import { accuracyRecord, dataFacts } from '../support/records.js';

/** Scores of each seed, by architecture. */
function records(scores: Readonly<Record<string, readonly number[]>>, test = 600): RunRecord[] {
  const data = dataFacts({ counts: { train: 1_500, validation: 300, test } });
  return Object.entries(scores).flatMap(([architecture, values]) =>
    values.map((value, index) => accuracyRecord({ architecture, seed: index + 1 }, value, { data })),
  );
}

const powersOf = (all: RunRecord[]) => summarize(all).tables.find(({ name }) => name === 'table-4')?.power;
const viewFor = (all: RunRecord[]) => viewOf(summarize(all), tables, all, 'records');
const answerTo = (all: RunRecord[]) =>
  viewFor(all)
    .answer.map(({ text }) => text)
    .join(' ');

describe('what a setting could have seen', () => {
  const three = { fastformer: [0.8, 0.82, 0.81], none: [0.79, 0.8, 0.81], transformer: [0.8, 0.8, 0.8] };

  it('is computed from the deviations of paired differences and the size of the test set', () => {
    const [power] = powersOf(records(three)) ?? [];
    // Differences in points: 1 2 0, 0 2 1, -1 0 1: each deviates by 1.
    expect(power?.deviation).toBeCloseTo(0.01, 12);
    expect(power).toMatchObject({ seeds: 3, texts: 600, metric: 'accuracy' });
    expect(power?.overBoth).toBeCloseTo(Math.hypot(power?.overSeeds ?? 0, power?.overTexts ?? 0), 12);
    expect(power?.overSeeds).toBeGreaterThan(0.01);
    const [larger] = powersOf(records(three, 2_400)) ?? [];
    expect(larger?.overTexts).toBeCloseTo((power?.overTexts ?? 0) / 2, 12);
    expect(larger?.overSeeds).toBe(power?.overSeeds);
  });

  it('is unknown with one seed, with one row and without spread', () => {
    expect(powersOf(records({ fastformer: [0.8], none: [0.7] }))).toEqual([]);
    expect(powersOf(records({ fastformer: [0.8, 0.9] }))).toEqual([]);
    expect(powersOf(records({ fastformer: [0.8, 0.9], none: [0.8, 0.9] }))).toEqual([]);
  });

  it('stands in the page and on the terminal', () => {
    const all = records(three);
    const table = viewFor(all).tables.find(({ name }) => name === 'table-4');
    const fact = table?.settings[0]?.facts.find(({ name }) => name === 'Power');
    expect(fact?.value).toMatch(/^with 3 paired seeds, .* 1\.0 points, a true difference of \d\.\d points/);
    const { name = '', title = '', power = [] } = summarize(all).tables[0] ?? {};
    const found = {
      tables: [
        { name, title, cells: [], efficiency: [], largestBatches: [], power, rankGroups: [], reanalysis: [] },
      ],
      claims: [],
    };
    expect(powerLines(found)).toEqual([`table-4, ${power[0]?.title ?? ''}: ${fact?.value ?? ''}`]);
  });
});

describe('a task on which attention does not help', () => {
  const claimIn = (all: RunRecord[]) =>
    summarize(all).claims.find(({ text }) =>
      text.startsWith('Without a mixer the encoder is no less accurate than Fastformer'),
    );

  it('is said to be one in a claim and in the answer', () => {
    const all = records({
      fastformer: [0.717, 0.721, 0.72, 0.719, 0.718],
      none: [0.731, 0.732, 0.73, 0.733, 0.73],
      transformer: [0.716, 0.719, 0.722, 0.718, 0.719],
    });
    expect(claimIn(all)).toMatchObject({ source: 'control', verdict: 'supported' });
    expect(answerTo(all)).toMatch(
      /Attention does not help here\. Without a mixer .* 73\.1 %, Fastformer 71\.9 %/,
    );
  });

  it('is not said of a task on which it helps, or of a run that cannot tell', () => {
    const helps = records({ fastformer: [0.8, 0.81, 0.805], none: [0.7, 0.71, 0.706] });
    expect(claimIn(helps)?.verdict).toBe('contradicted');
    const open = records({ fastformer: [0.8, 0.7, 0.75], none: [0.7, 0.8, 0.76] });
    expect(claimIn(open)?.verdict).toBe('inconclusive');
    for (const all of [helps, open]) expect(answerTo(all)).not.toContain('Attention does not help');
  });
});

describe('word vectors', () => {
  it('are named in the facts of a setting, with how much of the texts they cover', () => {
    const wordVectors = { words: 7_912, vocabularyShare: 0.989, tokenShare: 0.965 };
    const [first] = records({ fastformer: [0.8] });
    if (first?.cell.kind !== 'encoder') throw new Error('no trained record');
    const training = {
      ...first.cell.training,
      wordVectors: { name: 'glove.6B.zip', sha256: 'c'.repeat(64) },
    };
    const record = { ...first, cell: { ...first.cell, training }, data: dataFacts({ wordVectors }) };
    const settings = viewFor([record]).tables[0]?.settings ?? [];
    expect(settings[0]?.facts.find(({ name }) => name === 'Word vectors')?.value).toMatch(
      /^glove\.6B\.zip: 7,912 words, 98\.9 % of the vocabulary, 96\.5 % of the training tokens/,
    );
    const without = viewFor([first]).tables[0]?.settings[0]?.facts ?? [];
    expect(without.some(({ name }) => name === 'Word vectors')).toBe(false);
  });
});
