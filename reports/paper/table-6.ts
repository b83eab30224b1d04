/**
 * Table 6: summarization on CNN/DailyMail and PubMed.
 *
 * The paper prints one ROUGE number a cell, in percent, without a deviation, and says neither which package made it nor
 * whether it is F, stemmed, or of the summary or of its sentences.
 */
import type { Cell, SummarizerCell } from '../../harness/cell.js';
import { comparedArchitectures } from './compared.js';
import type { CellRequest, Track } from './contract.js';
import { presets } from './presets.js';
import { floorsFor, shortened, summarizerCell, summaryFloorCell } from './summary-cells.js';
import type { SummaryTable, SummaryTableRow } from './summary-table.js';
import { published, summaryColumns } from './table-6-values.js';

const row = (key: string, title: string): SummaryTableRow => ({ key, architecture: key, title });

export const table6: SummaryTable = {
  kind: 'summaries',
  name: 'table-6',
  title: 'Summarization',
  where: 'Table 6, section 4.2',
  rows: comparedArchitectures.map(([name, title]) => row(name, title)),
  columns: summaryColumns,
  published,
  howToRead: [
    'ROUGE counts what a written summary shares with the right one: words (R-1), pairs of words (R-2), the longest common sequence (R-L); F of precision and recall, as Google’s rouge_score has it, tokens as they are. With Porter stems the values stand in the table below.',
    'Beside the paper’s R-L stands ROUGE-Lsum, sentence by sentence: an R-L of 36 on CNN/DailyMail is of that scale. ROUGE-L of the whole text stands in the table below.',
    'Two intervals, two questions. Over seeds: would the same training with other random numbers come out elsewhere (95 %, Student t, n seeds)? Over documents: would other documents (95 %, 1,000 bootstrap draws, the mean of the runs’ ends)? Neither contains the other.',
    'Floors need no network: random sentences, the first words or sentences, which are hard to beat on news. The oracle picks the sentences with the right summary in view: no extract is much better.',
    'Scores hide what was written: the first summaries are shown, each beside the right one.',
  ],
  caveats: [
    'The paper trains on 287,113 CNN/DailyMail articles. A model that learns language from a thousand articles cannot come near its values: here rows are compared with each other and with the floors, not with the paper.',
    'The split sizes that the paper gives for PubMed (108.5k / 13.6k / 13.6k) are those of its IMDB row, almost surely a slip; the public PubMed has 119,924 / 6,633 / 6,658 articles.',
    'The paper says nothing of the decoder but four layers and five beams. Here: softmax attention, causal and to the document; subwords learned from the training part; label smoothing; a pointer that copies from the document, without which a small model could name nobody. The encoder alone has the row’s architecture; `run --decoder-attention` measures one cell with another decoder.',
    'The paper cuts the Transformer at 512 tokens while the others read 2,048 (CNN/DailyMail) or 4,096 (PubMed), and explains its distance on PubMed by that. Here all read the same length, unless --track paper was asked for; such a table says so in its title.',
  ],
  cells: cellsOf,
  claims: [
    {
      source: 'paper',
      text: 'Fastformer summarizes better than the Transformer (R-L)',
      metric: 'rougeLsum',
      better: 'fastformer',
      worse: 'transformer',
    },
    {
      source: 'paper',
      text: 'Fastformer summarizes better than Poolingformer (R-L)',
      metric: 'rougeLsum',
      better: 'fastformer',
      worse: 'poolingformer',
    },
    {
      source: 'control',
      text: 'Fastformer summarizes better than an encoder without a mixer (R-L)',
      metric: 'rougeLsum',
      better: 'fastformer',
      worse: 'none',
    },
  ],
};

/** Floors of every dataset, then for each seed every row on each. */
function cellsOf(request: CellRequest): Cell[] {
  const { seeds: most, only, datasets: mostDatasets } = presets[request.preset].summarization;
  const datasets = (request.summaries ?? []).slice(0, mostDatasets ?? undefined);
  const seeds = request.seeds.slice(0, most);
  const isWanted = (name: string) => only === null || only.includes(name);
  const architectures = request.architectures.filter(({ name }) => isWanted(name));
  return [
    ...datasets.flatMap((dataset) =>
      floorsFor(dataset.name)
        .filter(isWanted)
        .map((name) => summaryFloorCell(name, dataset, seeds[0] ?? 1, request)),
    ),
    ...seeds.flatMap((seed) =>
      datasets.flatMap((dataset) =>
        architectures.map((architecture) =>
          onTrack(summarizerCell(architecture, dataset, seed, request), request.track),
        ),
      ),
    ),
  ];
}

const onTrack = (cell: SummarizerCell, track: Track | undefined): SummarizerCell =>
  track === 'paper' && cell.architecture === 'transformer' ? (shortened(cell) ?? cell) : cell;
