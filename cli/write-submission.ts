/** Trains a recommender, ranks the hidden test part, writes the official file, and checks what was written. */
import { open } from 'node:fs/promises';
import { startBackend } from '../harness/backends/index.js';
import type { BackendName } from '../harness/backends/names.js';
import { loadForRecommender } from '../harness/run-recommendation.js';
import { trainRecommender } from '../harness/train-recommender.js';
import { allArchitectures, loadPlugins } from '../harness/plugins.js';
import { DataError } from '../tasks/datasets/contract.js';
import { dataFolders } from '../tasks/datasets/folders.js';
import { readLines } from '../tasks/datasets/lines.js';
import { mindEditions } from '../tasks/datasets/mind.js';
import { loadHidden, loadHiddenAlone } from '../tasks/recommendation/load.js';
import type { Impression } from '../tasks/recommendation/mind/behaviors.js';
import { checkSubmission, type SubmissionCheck, submissionLine } from '../tasks/recommendation/submission.js';
import type { SubmissionOptions } from './commands/submission.js';
import { planOne } from './plan-one.js';
import { UsageError } from './errors.js';
import { findByName } from './suggest.js';

/** @param note - says what happens */
export async function writeSubmission(
  options: SubmissionOptions,
  note: (line: string) => void,
): Promise<SubmissionCheck> {
  const { job, dataFolders: places } = await planOne({ ...options, task: 'recommendation' });
  const { cell } = job;
  if (cell.kind !== 'recommender') throw new UsageError('a floor is not handed in: name an architecture');
  const architecture = findByName(
    'architecture',
    cell.architecture,
    allArchitectures(await loadPlugins(options.plugin)),
  );
  note('reading data');
  const data = await loadForRecommender(cell, { dataFolders: places });
  const hidden = await loadHidden({ edition: editionOf(cell.dataset.name), folders: places }, data.news);
  const backend = await startBackend(cell.backend as BackendName);
  const { outcome, hiddenScores } = await trainRecommender(
    { cell, architecture, data, backend, hidden },
    (event) => {
      if (event.kind === 'epoch')
        note(`epoch ${event.epoch} of ${event.of}, loss ${event.trainLoss.toFixed(4)}`);
    },
  );
  if (outcome.failure !== null) throw new DataError(`${outcome.failure.kind}: ${outcome.failure.message}`);
  await writeLines(options.to, hidden, hiddenScores);
  return checkSubmission(readLines(options.to, limits, ''), hidden);
}

async function writeLines(
  path: string,
  impressions: readonly Impression[],
  scores: readonly (readonly number[])[],
): Promise<void> {
  const file = await open(path, 'w');
  try {
    const stream = file.createWriteStream();
    for (const [i, { id }] of impressions.entries()) {
      const taken = stream.write(`${submissionLine(id, scores[i] ?? [])}\n`);
      if (!taken)
        await new Promise<void>((resolve) =>
          stream.once('drain', () => {
            resolve();
          }),
        );
    }
    await new Promise<void>((resolve) => stream.end(resolve));
  } finally {
    await file.close();
  }
}

const limits = { lineBytes: 1 << 20, lines: 20_000_000, totalBytes: 2 ** 36 };

/** @param dataset - whose test part the file is held against; null = the format alone */
export function checkFile(
  file: string,
  dataset: string | null,
  data: string | undefined,
): Promise<SubmissionCheck> {
  const lines = readLines(file, limits, 'Expected is a line for each impression.');
  if (dataset === null) return checkSubmission(lines, null);
  return loadHiddenAlone({ edition: editionOf(dataset), folders: dataFolders(data) }).then((hidden) =>
    checkSubmission(lines, hidden),
  );
}

const editionOf = (name: string) => findByName('dataset', name, mindEditions);
