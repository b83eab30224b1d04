/** The answer in plain English, the facts of the run and the scorecard: the first screen. */
import { isFloor } from '../../harness/cell.js';
import type { RunRecord } from '../../harness/record.js';
import { architectureTitle, datasetFacts, mindTitle, pairTitle } from '../catalogue.js';
import { counted, listed, percent, seconds, significant, thousands } from '../format.js';
import { median } from '../statistics/index.js';
import type { AccuracySetting } from '../summary/accuracy-contract.js';
import type { Judgement, Summary, Verdict } from '../summary/contract.js';
import type { SpeedSetting } from '../summary/speed-contract.js';
import { tables } from '../paper/index.js';
import { attentionIsNotNeeded } from '../paper/table-4.js';
import { rowRank } from '../summary/records.js';
import { rankingSentence } from './ranking-view.js';
import { summariesSentence } from './summaries-view.js';
import { ratioOf } from '../summary/ratio.js';
import { type Chip, chipOf } from './grid.js';

/** With the ids of the records that its numbers were computed from. */
export interface Sentence {
  readonly text: string;
  readonly records: readonly string[];
}

/** Sentences that answer "does it hold here?". */
export function answerOf(summary: Summary): Sentence[] {
  const settings = summary.tables.flatMap((table) => table.settings);
  const sentences = [
    ...accuracySentences(summary),
    ...withoutAttention(summary),
    ...settings.flatMap((setting) => (setting.kind === 'speed' ? speedSentence(setting) : [])),
    ...settings.flatMap((setting) => (setting.kind === 'ranking' ? rankingSentence(setting) : [])),
    ...settings.flatMap((setting) => (setting.kind === 'summaries' ? summariesSentence(setting) : [])),
    ...comparability(summary),
  ];
  return sentences.length === 0
    ? [{ text: 'Nothing that can be judged has run yet.', records: [] }]
    : sentences;
}

const openings: Readonly<Record<Judgement, string>> = {
  supported: 'Fastformer is more accurate than the Transformer, as the paper says',
  contradicted: 'Fastformer is less accurate than the Transformer, against the paper',
  inconclusive: 'No difference in accuracy was detected between Fastformer and the Transformer',
};

/** One sentence a judgement, with the settings that it was given in. */
function accuracySentences(summary: Summary): Sentence[] {
  const seen = summary.tables
    .flatMap((table) => table.settings)
    .filter((setting) => setting.kind === 'accuracy')
    .flatMap((setting) => comparisonIn(summary, setting));
  return (['supported', 'contradicted', 'inconclusive'] as const).flatMap((judgement) => {
    const group = seen.filter((comparison) => comparison.judgement === judgement);
    if (group.length === 0) return [];
    const fewest = Math.min(...group.map(({ n }) => n));
    const warning = fewest < 2 ? '; one seed tells no difference' : '';
    return [
      {
        text: `${openings[judgement]}: ${group.map(({ text }) => text).join('; ')} (${counted(fewest, 'seed')} each${warning}).`,
        records: group.flatMap(({ records }) => records),
      },
    ];
  });
}

/** Where the encoder without a mixer keeps up: the task needs no attention, whoever wins among the architectures. */
function withoutAttention({ claims }: Summary): Sentence[] {
  const found = claims.filter(
    ({ text, verdict }) => verdict === 'supported' && text.startsWith(attentionIsNotNeeded),
  );
  return found.map(({ text, evidence, records }) => ({
    text: `Attention does not help here. ${text} (half a point allowed). ${evidence}`,
    records,
  }));
}

function comparisonIn(summary: Summary, setting: AccuracySetting) {
  const own = summary.tables.flatMap((table) => table.cells).filter((cell) => cell.setting === setting.id);
  const accuracy = (architecture: string) =>
    own.find(
      (cell) => cell.architecture === architecture && cell.column.endsWith(' accuracy') && cell.ours !== null,
    );
  const [ours, theirs] = [accuracy('fastformer'), accuracy('transformer')];
  if (ours?.ours == null || theirs?.ours == null) return [];
  const claim = summary.claims.find(
    ({ setting: id, source, text }) =>
      id === setting.id && source === 'paper' && text.includes('more accurate'),
  );
  return [
    {
      judgement: claim?.verdict ?? ('inconclusive' as const),
      n: Math.min(ours.n, theirs.n),
      text: `${percent(ours.ours)} against ${percent(theirs.ours)} % on ${setting.title}`,
      records: [...ours.records, ...theirs.records],
    },
  ];
}

function speedSentence(setting: SpeedSetting): Sentence[] {
  const lengths = [...new Set(setting.points.map(({ length }) => length))].toSorted((a, b) => b - a);
  const timed = (architecture: string, length: number) =>
    setting.points.find(
      (point) =>
        point.architecture === architecture &&
        point.length === length &&
        point.mode === 'training' &&
        point.samples.length > 0,
    );
  for (const length of lengths) {
    const [slow, fast] = [timed('transformer', length), timed('fastformer', length)];
    const ratio = slow && fast ? ratioOf(slow, fast) : null;
    if (!slow || !fast || ratio === null) continue;
    const times = `${seconds(median(slow.samples))} against ${seconds(median(fast.samples))}`;
    return [
      {
        text: `At length ${thousands(length)}, a training step takes the Transformer ${significant(ratio.value)} times as long as Fastformer: ${times} for ${thousands(setting.tokens)} tokens on ${setting.backend}.`,
        records: [...slow.records, ...fast.records].map(({ id }) => id),
      },
    ];
  }
  return [];
}

function comparability(summary: Summary): Sentence[] {
  const counts = verdictCounts(summary);
  const judged = counts.matches + counts.differs;
  const total = judged + counts['not comparable'] + counts['not run'];
  const text =
    judged === 0
      ? `None of the paper’s ${thousands(total)} published values can be compared one to one with this run, because data or sizes differ; what is judged here are its claims.`
      : `Of ${thousands(total)} published values, ${thousands(counts.matches)} match, ${thousands(counts.differs)} differ and ${thousands(total - judged)} were not run or do not compare.`;
  return [{ text, records: [] }];
}

/** How many of the paper's values got which verdict. */
function verdictCounts(summary: Summary): Record<Verdict, number> {
  const counts: Record<Verdict, number> = { matches: 0, differs: 0, 'not comparable': 0, 'not run': 0 };
  for (const cell of summary.tables.flatMap((table) => table.cells)) {
    // A power of O(...) is no value that a run could reach.
    if (cell.published !== null && cell.unit !== 'power') counts[cell.verdict] += 1;
  }
  return counts;
}

export interface Score extends Chip {
  readonly count: number;
}

export function scorecard(summary: Summary): {
  readonly values: readonly Score[];
  readonly claims: readonly Score[];
} {
  const counts = verdictCounts(summary);
  const verdicts = ['matches', 'differs', 'not comparable', 'not run'] as const;
  const judgements = ['supported', 'contradicted', 'inconclusive'] as const;
  return {
    values: verdicts.map((verdict) => ({ ...chipOf(verdict), count: counts[verdict] })),
    claims: judgements.map((judgement) => ({
      ...chipOf(judgement),
      count: summary.claims.filter((claim) => claim.source === 'paper' && claim.verdict === judgement).length,
    })),
  };
}

export interface Fact {
  readonly name: string;
  readonly value: string;
}

/** What was run, on what. */
export function factsOf(records: readonly RunRecord[]): Fact[] {
  const distinct = (values: readonly (string | null)[]) =>
    [...new Set(values.filter((value) => value !== null))].toSorted();
  const architectures = distinct(
    records.map(({ cell }) => (isFloor(cell) ? null : cell.architecture)),
  ).toSorted((a, b) => rowRank(a, tables[0]?.rows ?? []) - rowRank(b, tables[0]?.rows ?? []));
  const backends = records.flatMap(({ backend }) =>
    backend === null ? [] : [`${backend.name} ${backend.version}, ${counted(backend.threads, 'thread')}`],
  );
  const data = records.flatMap(({ cell, data: used, summary }) =>
    cell.kind === 'recommender' || cell.kind === 'ranking-floor'
      ? [`${mindTitle(cell.dataset.name)} – real data`]
      : cell.task === 'summarization'
        ? [`${pairTitle(cell.dataset.name)} – ${summary?.data.standIn === true ? 'stand-in' : 'real data'}`]
        : cell.kind === 'speed' || used === null
          ? []
          : [`${datasetFacts(cell.dataset).title} – ${used.standIn ? 'stand-in' : 'real data'}`],
  );
  const machines = records.map(
    ({ provenance }) => `${provenance.cpu}, ${counted(provenance.cores, 'core')}, ${provenance.platform}`,
  );
  const days = distinct(records.map(({ provenance }) => provenance.endedAt.slice(0, 10)));
  const first = days[0] ?? 'no date';
  const last = days.at(-1) ?? first;
  const presets = distinct(records.map(({ provenance }) => provenance.preset));
  return [
    { name: 'Compared', value: listed(architectures.map(architectureTitle)) },
    { name: 'Preset', value: presets.length === 0 ? 'none' : listed(presets) },
    { name: 'Data', value: distinct(data).join('; ') },
    { name: 'Backend', value: distinct(backends).join('; ') },
    { name: 'Machine', value: distinct(machines).join('; ') },
    {
      name: 'Run',
      value: `${counted(records.length, 'record')}, ${first === last ? first : `${first} to ${last}`}`,
    },
  ].filter(({ value }) => value !== '');
}
