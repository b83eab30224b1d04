/** `formerbench speed --largest-batch`: tries batches until the largest that fits is known for every architecture. */
import type { SpeedCell } from '../harness/cell.js';
import { nextBatch, predictedBatch } from '../harness/largest-batch.js';
import { type Job, planJobs } from '../harness/plan.js';
import type { RunRecord } from '../harness/record.js';
import { missingJobs } from '../harness/run.js';
import { thisMachine } from '../harness/scheduler/limits.js';
import type { Store } from '../harness/store.js';
import { figure2 } from '../reports/paper/figure-2.js';
import { bytes, seconds, secondsRange, thousands } from '../reports/format.js';
import type { LargestBatchSetting } from '../reports/summary/speed-contract.js';
import { largestBatchSettings } from '../reports/summary/largest-batch.js';
import { wanted } from './common-options.js';
import type { Interrupt } from './interrupt.js';
import { concludeJobs, measureJobs } from './measure-jobs.js';
import { memoryPredictor } from './memory-predictor.js';
import { alignColumns, note, print, printJson } from './output.js';
import { type SpeedOptions, speedCells, type SpeedCells } from './plan-speed.js';
import { speedSettingsOf } from './speed-results.js';

/** What a search is about, and how far it is. */
interface Search {
  /** Of one sequence; a try differs from it by its batch. */
  readonly cell: SpeedCell;
  readonly first: number;
  readonly tries: Map<number, boolean>;
  readonly jobs: Job[];
  /** By something else than memory. */
  failed: boolean;
}

/** A step of a try says whether it fits; few of them say how long it takes. */
const mostSamples = 5;

export async function searchLargestBatches(
  options: SpeedOptions,
  store: Store,
  interrupt: Interrupt,
): Promise<void> {
  const limitBytes = options.memoryLimit ?? wholeGigabytes(thisMachine().freeBytes);
  const samples = Math.min(mostSamples, options.samples);
  const plan = await speedCells({ ...options, samples, rounds: 1 }, (length) => length);
  const predict = await memoryPredictor(plan.pluginFiles);
  const searches = plan.cells.map((swept): Search => {
    const cell = { ...swept, batch: 1, largestUnder: limitBytes };
    const first = predictedBatch((batch) => predict({ ...cell, batch }), limitBytes);
    return { cell, first, tries: new Map(), jobs: [], failed: false };
  });
  note(
    `the largest batch within ${bytes(limitBytes)} of ${searches.length} settings on ${plan.backend}; batches are tried until one that is an eighth larger does not fit`,
  );
  let left = 0;
  for (let open = nextJobs(searches, plan); open.length > 0 && left === 0; open = nextJobs(searches, plan)) {
    const missing = missingJobs(open, store, wanted(options));
    ({ length: left } = await measureOpen(missing, plan, { options, store, interrupt }));
    if (left === 0) learn(searches, store);
  }
  show(plan, searches, options, store);
  const failed = searches.filter((search) => search.failed).length;
  const stopped = interrupt.signal.aborted;
  const counts = { planned: searches.length, failed, left, stopped, fresh: options.fresh };
  concludeJobs({ ...counts, listed: 'the lines above name them' });
}

/** So that the same command finds its records again although what is free differs a little. */
const wholeGigabytes = (free: number): number => Math.max(1, Math.floor((0.9 * free) / 2 ** 30)) * 2 ** 30;

/** The next try of every search that is not done. */
const nextJobs = (searches: readonly Search[], { files }: SpeedCells): Job[] =>
  searches.flatMap((search) => {
    const batch = search.failed ? null : nextBatch(search.tries, search.first);
    if (batch === null) return [];
    const jobs = planJobs([{ ...search.cell, batch }], files);
    search.jobs.push(...jobs);
    return jobs;
  });

async function measureOpen(
  missing: readonly Job[],
  { pluginFiles }: SpeedCells,
  request: { readonly options: SpeedOptions; readonly store: Store; readonly interrupt: Interrupt },
): Promise<readonly Job[]> {
  const { left } = await measureJobs({
    ...request,
    ...{ missing, preset: null, dataFolders: [], pluginFiles, deadline: null, learnFromRecords: true },
  });
  return left;
}

function learn(searches: readonly Search[], store: Store): void {
  for (const search of searches) {
    for (const { id, cell } of search.jobs) {
      const record = store.records.get(id);
      const fits = record === undefined ? null : fitOf(record);
      if (fits === null || cell.kind !== 'speed') search.failed = true;
      else search.tries.set(cell.batch, fits);
    }
  }
}

/** Null where the try ended by something else than memory. */
function fitOf({ failure }: RunRecord): boolean | null {
  if (failure === null) return true;
  return failure.kind === 'out of memory' ? false : null;
}

function show(plan: SpeedCells, searches: readonly Search[], options: SpeedOptions, store: Store): void {
  const all = [...store.records.values()];
  const tried = new Set(searches.flatMap(({ jobs }) => jobs.map(({ id }) => id)));
  const swept = all.filter(({ cell }) => cell.kind === 'speed' && cell.largestUnder === undefined);
  const tries = all.filter(({ id }) => tried.has(id));
  const named = { name: 'speed', rows: figure2.rows };
  const settings = largestBatchSettings(named, tries, speedSettingsOf(swept));
  if (options.json) printJson({ backend: plan.backend, largestBatches: settings });
  else
    for (const setting of settings) {
      print(setting.title);
      for (const line of tableOf(setting)) print(line);
    }
}

const columns = ['architecture', 'mode', 'length', 'batch', 'too large', 'a token', '95 % interval'];
const more = ['tensors', 'process', 'shared batch', 'a token there'];

const tableOf = ({ rows }: LargestBatchSetting): string[] =>
  alignColumns([
    [...columns, ...more],
    ...rows.map((row) => [
      ...[row.title, row.mode, thousands(row.length)],
      row.batch === 0 ? 'none' : thousands(row.batch),
      row.tooLarge === null ? '—' : thousands(row.tooLarge),
      known(row.secondsPerToken, seconds),
      row.interval === null ? '—' : secondsRange(row.interval),
      known(row.peakTensorBytes, bytes),
      known(row.peakResidentBytes, bytes),
      known(row.shared?.batch ?? null, thousands),
      known(row.shared?.secondsPerToken ?? null, seconds),
    ]),
  ]);

const known = (value: number | null, text: (value: number) => string): string =>
  value === null ? '—' : text(value);
