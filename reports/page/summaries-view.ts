/** Summarization as the page shows it: the table, further scores, and the first summaries that were written. */
import { isChart } from '../charts/chart.js';
import { scoresChart } from '../charts/scores.js';
import { counted, percent, thousands } from '../format.js';
import { shownMetrics, type SummaryTable } from '../paper/summary-table.js';
import { mean } from '../statistics/index.js';
import type { SummaryCell } from '../summary/contract.js';
import type { SummariesRow, SummariesSetting } from '../summary/summaries-contract.js';
import { shownTitles } from '../summary/summaries.js';
import type { Fact, Sentence } from './answer.js';
import { chipOf, emptyCell, type Grid, type GridCell, measuredCell, textCell } from './grid.js';
import { meanScoreCell, runCells, scoreCells } from './score-cells.js';
import type { SettingView } from './view.js';

export function summariesView(setting: SummariesSetting, cells: readonly SummaryCell[]): SettingView {
  const here = cells.filter((cell) => cell.setting === setting.id);
  const texts = textsGrid(setting);
  return {
    id: setting.id,
    title: setting.title,
    data: setting.title,
    tag: setting.standIn ? 'stand-in' : null,
    facts: factsOf(setting),
    notes: [
      setting.column === null
        ? 'The paper has no such column: its values do not apply, its claims are judged.'
        : `No value is compared with the paper’s one to one: ${[...setting.notComparable, 'it prints no deviations'].join('; ')}.`,
    ],
    grid: scoresGrid(setting, here),
    more: [furtherGrid(setting), ...(texts === null ? [] : [texts])],
    charts: [
      scoresChart({
        ...setting,
        metrics: shownMetrics.map((name) => ({ name, title: shownTitles[name] })),
        examples: 'documents',
        cellOf: ({ title }, metric) =>
          here.find(({ row, column }) => row === title && column.endsWith(` ${metric}`)),
      }),
    ].filter(isChart),
  };
}

function scoresGrid(setting: SummariesSetting, cells: readonly SummaryCell[]): Grid {
  return {
    id: setting.id,
    caption: `${setting.title}: ROUGE F in percent; paper, mean over n seeds, half the 95 % interval over seeds, 95 % interval over documents`,
    corner: 'Encoder',
    columns: [
      ...shownMetrics.map((name) => ({
        title: shownTitles[name],
        metric: shownTitles[name],
        columns: ['paper', 'ours', '± seeds', 'over documents'],
      })),
      { title: 'Runs', columns: ['n', 'run time', 'parameters'] },
    ],
    groups: [
      {
        title: null,
        rows: setting.rows.map((row) => {
          const own = cells.filter((cell) => cell.row === row.title);
          const cellOf = (title: string) => own.find(({ column }) => column.endsWith(` ${title}`));
          return {
            header: row.title,
            cells: [
              ...shownMetrics.flatMap((name) => scoreCells(cellOf(shownTitles[name]))),
              ...runCells(row, setting.rows),
            ],
            records: [...new Set(own.flatMap(({ records }) => records))],
          };
        }),
      },
    ],
  };
}

const further = [
  ['rougeL', 'R-L of the whole text'],
  ['rouge1Stemmed', 'R-1, stemmed'],
  ['rouge2Stemmed', 'R-2, stemmed'],
  ['rougeLStemmed', 'R-L of the whole text, stemmed'],
  ['rougeLsumStemmed', 'R-L by sentence, stemmed'],
] as const;

function furtherGrid({ id, title, rows }: SummariesSetting): Grid {
  return {
    id: `${id}-further`,
    caption: `${title}: further ROUGE F in percent, mean over seeds; what training reached`,
    corner: 'Encoder',
    columns: [
      { title: 'Scores', columns: further.map(([, name]) => name) },
      { title: 'Training', columns: ['log P of a subword, validation', 'tokens/s', 'best epoch'] },
    ],
    groups: [
      {
        title: null,
        rows: rows
          .filter(({ records }) => records.length > 0)
          .map((row) => ({
            header: row.title,
            cells: [
              ...further.map(([name]) => meanScoreCell(row.records, ({ metrics }) => metrics[name])),
              ...trainingCells(row),
            ],
            records: row.records.map((record) => record.id),
          })),
      },
    ],
  };
}

/** Of the first seed. */
function trainingCells({ records }: SummariesRow): GridCell[] {
  const first = records.slice(0, 1);
  const training = first[0]?.summary?.training ?? null;
  if (training === null) return [emptyCell, emptyCell, emptyCell];
  const best = training.curve.find(({ epoch }) => epoch === training.bestEpoch);
  return [
    best === undefined ? emptyCell : textCell(best.validationLogLikelihood.toFixed(3)),
    training.trainedTokensPerSecond === null
      ? emptyCell
      : textCell(thousands(Math.round(training.trainedTokensPerSecond))),
    training.bestEpoch === null ? emptyCell : textCell(`${training.bestEpoch} of ${training.curve.length}`),
  ].map((cell) => measuredCell(cell, first));
}

/** Documents whose summaries are shown. */
const documentsShown = 5;
/** Characters of each. */
const charactersShown = 500;

/** Each document a group: the right summary, then what each encoder's first seed wrote. */
function textsGrid({ id, title, rows }: SummariesSetting): Grid | null {
  const written = rows.filter(({ records }) => (records[0]?.summary?.texts.length ?? 0) > 0);
  const targets = written[0]?.records[0]?.summary?.texts.slice(0, documentsShown) ?? [];
  if (targets.length === 0) return null;
  return {
    id: `${id}-texts`,
    caption: `${title}: the first test documents, what should be written and what was (the first 50 are in the records)`,
    corner: 'Written by',
    prose: true,
    columns: [{ title: 'Summary', columns: ['text'] }],
    groups: targets.map(({ id: document, target }, i) => ({
      title: `Document ${i + 1}`,
      rows: [
        { header: 'Right summary', cells: [shownText(target)], records: [] },
        ...written.map((row) => {
          const found = row.records[0]?.summary?.texts.find((text) => text.id === document);
          return {
            header: row.title,
            cells: [found === undefined ? emptyCell : shownText(found.prediction)],
            records: row.records.slice(0, 1).map((record) => record.id),
          };
        }),
      ],
    })),
  };
}

const shownText = (text: string): GridCell =>
  text.trim() === ''
    ? textCell('(nothing)')
    : textCell(text.length > charactersShown ? `${text.slice(0, charactersShown)} …` : text);

/** As the record calls it. */
const decoderAttention = (summarizer: NonNullable<SummariesSetting['summarizer']>): string =>
  summarizer.decoderAttention ?? 'softmax';

function factsOf({
  data,
  summarizer,
  transformerLength,
  training,
  decoding,
  backend,
}: SummariesSetting): Fact[] {
  const facts: Fact[] = [];
  if (data !== null) {
    const { train, validation, test } = data.documents;
    facts.push({
      name: 'Documents',
      value: `${thousands(train)} train, ${thousands(validation)} validation, ${thousands(test)} test of ${Math.round(data.meanDocument)} words, summaries of ${Math.round(data.meanSummary)}; ${data.splitRule}`,
    });
  }
  if (summarizer !== null)
    facts.push({
      name: 'Model',
      value: `${summarizer.sourceLength} subwords read${transformerLength === null ? '' : ` (by the Transformer ${transformerLength})`}, ${summarizer.targetLength} written at most, ${counted(summarizer.encoderLayers, 'encoder layer')}, ${counted(summarizer.decoderLayers, 'decoder layer')} with ${decoderAttention(summarizer)} attention, hidden ${summarizer.hidden}, ${counted(summarizer.heads, 'head')}, dropout ${summarizer.dropout}, ${summarizer.norm}-norm${summarizer.copy ? ', copies from the document' : ''}`,
    });
  if (training !== null)
    facts.push({
      name: 'Training',
      value: `Adam ${training.learningRate} after ${counted(training.warmupSteps, 'step')} of warm-up, falling to 0, ${counted(training.batchSize, 'document')} a batch, at most ${counted(training.maxEpochs, 'epoch')}, best by validation likelihood; label smoothing ${training.labelSmoothing}; ${thousands(training.vocabulary)} subwords`,
    });
  if (decoding !== null)
    facts.push({
      name: 'Search',
      value: `${counted(decoding.beams, 'beam')}, length penalty ${decoding.lengthPenalty}, ${decoding.minLength} to ${decoding.maxLength} subwords${decoding.blockTrigrams ? ', no three subwords twice' : ''}`,
    });
  return [...facts, { name: 'Backend', value: backend }];
}

/** The paper's cells that did not run; null when all did. */
export function missingSummariesGrid(table: SummaryTable, cells: readonly SummaryCell[]): Grid | null {
  const missing = cells.filter((cell) => cell.setting === null);
  if (missing.length === 0) return null;
  return {
    id: `${table.name}-not-run`,
    caption: 'Values of the paper without a run here, percent',
    corner: 'Encoder',
    columns: [
      ...table.columns.map((column) => ({
        title: column,
        columns: shownMetrics.map((name) => shownTitles[name]),
      })),
      { title: 'Here', columns: ['verdict'] },
    ],
    groups: [
      {
        title: null,
        rows: table.rows.flatMap(({ title }) => {
          const own = missing.filter((cell) => cell.row === title);
          if (own.length === 0) return [];
          const values = table.columns.flatMap((column) =>
            shownMetrics.map((name) => own.find((cell) => cell.column === `${column} ${shownTitles[name]}`)),
          );
          return [
            {
              header: title,
              cells: [
                ...values.map((cell) =>
                  cell?.published == null ? emptyCell : textCell(percent(cell.published, 2)),
                ),
                { text: 'not run', chip: chipOf('not run'), note: own[0]?.reason ?? '' },
              ],
              records: [],
            },
          ];
        }),
      },
    ],
  };
}

/** What the first screen says: the best model beside the best floor. */
export function summariesSentence({ title, rows }: SummariesSetting): Sentence[] {
  const best = (kind: SummariesRow['kind']) =>
    rows
      .filter((row) => row.kind === kind && row.key !== 'oracle-extract' && row.records.length > 0)
      .map((row) => ({ row, score: mean(row.records.map(({ metrics }) => metrics['rouge1'] ?? NaN)) }))
      .toSorted((a, b) => b.score - a.score)[0];
  const [model, floor] = [best('summarizer'), best('summary-floor')];
  if (model === undefined) return [];
  const beside =
    floor === undefined ? '' : `; the best floor, ${floor.row.title}, has ${percent(floor.score)} %`;
  const records = [...model.row.records, ...(floor?.row.records ?? [])];
  return [
    {
      text: `On ${title} the best summarizer is ${model.row.title} with a ROUGE-1 of ${percent(model.score)} %${beside}.`,
      records: records.map(({ id }) => id),
    },
  ];
}
