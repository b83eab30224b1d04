/** The one cell of `formerbench run`: sizes of a preset, changed by flags, checked before anything runs. */
import { resolve } from 'node:path';
import { z } from 'zod';
import type { CausalAttentionName } from '../architectures/causal/contract.js';
import { resolveBackend } from '../harness/backends/index.js';
import { type Cell, cellSchema, isFloor } from '../harness/cell.js';
import { type Job, planJobs } from '../harness/plan.js';
import { allArchitectures, loadPlugins, pluginFiles } from '../harness/plugins.js';
import { readRecords } from '../harness/read-records.js';
import { presets, type PresetName } from '../reports/paper/presets.js';
import { baselines } from '../tasks/classification/baselines/index.js';
import { dataFolders } from '../tasks/datasets/folders.js';
import { summaryFloors } from '../tasks/summarization/floors/index.js';
import type { MeasuringOptions } from './common-options.js';
import { chooseData, type ChosenData, type DatasetFlags, textFlags } from './dataset-options.js';
import { UsageError } from './errors.js';
import { defined, describeRecommendation, rankingFloors } from './plan-recommendation.js';
import { describeSummarization } from './plan-summarization.js';
import { pairFiles } from './pair-options.js';
import { parseOptions } from './schema-options.js';
import { checkStepOptions, type StepOptions } from './step-options.js';
import { findByName } from './suggest.js';
import { installedVectors, wordVectorsFile } from './word-vectors.js';

export interface RunOptions extends MeasuringOptions, StepOptions, DatasetFlags {
  readonly architecture: string;
  /** File of a record whose cell is measured again; the other descriptions are then not read. */
  readonly record?: string;
  readonly option: Readonly<Record<string, string>>;
  readonly task: 'classification' | 'recommendation' | 'summarization' | 'speed';
  readonly dataset?: string;
  readonly datasetOption: Readonly<Record<string, string>>;
  readonly preset: PresetName;
  readonly seed: number;
  readonly mode: 'inference' | 'training';
  readonly train?: number;
  readonly validation?: number;
  readonly test?: number;
  readonly length?: number;
  readonly layers?: number;
  readonly hidden?: number;
  readonly heads?: number;
  readonly feedForward?: number;
  readonly dropout?: number;
  readonly batch?: number;
  readonly learningRate?: number;
  readonly epochs?: number;
  readonly vocabulary?: number;
  /** Of news recommendation. */
  readonly history?: number;
  readonly category: boolean;
  /** Of summarization. */
  readonly targetLength?: number;
  readonly decoderLayers?: number;
  readonly decoderAttention?: CausalAttentionName;
  readonly copy: boolean;
  readonly labelSmoothing?: number;
  readonly beams?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly lengthPenalty?: number;
  readonly members: number;
}

export interface PlanOfOne {
  readonly job: Job;
  readonly dataFolders: readonly string[];
  readonly pluginFiles: readonly string[];
}

/** @throws UsageError for any name or size that is not one */
export async function planOne(options: RunOptions): Promise<PlanOfOne> {
  if (options.record !== undefined) return planRecord(options.record, options);
  // Commander gives undefined for what is not there.
  if ((options.architecture as string | undefined) === undefined)
    throw new UsageError(
      '--architecture says what is measured; --record measures the cell of a record again',
    );
  const plugins = await loadPlugins(options.plugin);
  const folders = dataFolders(options.data);
  const all = [...allArchitectures(plugins), ...floorsOf(options.task)];
  const architecture = findByName('architecture', options.architecture, all);
  const data = options.task === 'classification' ? await chooseOne(options, folders) : null;
  const chosen =
    'create' in architecture
      ? parseOptions(architecture.options, options.option, `architecture '${architecture.name}'`)
      : null;
  const description = await describe(options, chosen, data, folders);
  const files = pluginFiles(plugins);
  const withText = await textFlags(options);
  const [job] = planJobs([withText(checked(description))], files);
  if (job === undefined) throw new Error('a plan of one cell is empty');
  const places = data?.places ?? [...ownFiles(options, options.task), ...folders];
  return { job, dataFolders: places, pluginFiles: [...files.values()] };
}

/** The cell of a record as it is: with the sources of now, so under another id where they changed. */
async function planRecord(file: string, options: RunOptions): Promise<PlanOfOne> {
  const plugins = await loadPlugins(options.plugin);
  const [record] = await readRecords([file]);
  if (record === undefined) throw new UsageError(`${file} holds no record`);
  const files = pluginFiles(plugins);
  if (!isFloor(record.cell)) findByName('architecture', record.cell.architecture, allArchitectures(plugins));
  const [job] = planJobs([record.cell], files);
  if (job === undefined) throw new Error('a plan of one cell is empty');
  const places = [...ownFiles(options, record.cell.task), ...dataFolders(options.data)];
  return { job, dataFolders: places, pluginFiles: [...files.values()] };
}

/** Files of the user that a cell of the task may name. */
function ownFiles(options: RunOptions, task: RunOptions['task']): string[] {
  const { wordVectors, newsVectors } = options;
  const installed = task === 'recommendation' ? installedVectors() : null;
  const words = wordVectors === undefined ? installed : wordVectorsFile(wordVectors);
  const pairs = task === 'summarization' ? pairFiles(options) : [];
  return [words, newsVectors, ...pairs].flatMap((file) => (file == null ? [] : [resolve(file)]));
}

const floorsOf = (task: RunOptions['task']) =>
  ({
    classification: baselines,
    recommendation: rankingFloors,
    summarization: summaryFloors,
    speed: [],
  })[task];

/** @param architectureOptions - null for a floor */
async function describe(
  options: RunOptions,
  architectureOptions: Options | null,
  data: ChosenData | null,
  folders: readonly string[],
): Promise<object> {
  if (architectureOptions === null && Object.keys(options.option).length > 0)
    throw new UsageError(`baseline '${options.architecture}' has no options`);
  if (options.task === 'recommendation') return describeRecommendation(options, architectureOptions, folders);
  if (options.task === 'summarization') return describeSummarization(options, architectureOptions, folders);
  if (architectureOptions === null) return describeBaseline(options, data);
  return describeEncoder(options, architectureOptions, data);
}

type Options = ReturnType<typeof parseOptions>;

async function describeEncoder(
  options: RunOptions,
  architectureOptions: Options,
  data: ChosenData | null,
): Promise<object> {
  const { architecture, seed, task } = options;
  const backend = await resolveBackend(options.backend);
  const common = {
    task,
    architecture,
    options: architectureOptions,
    seed,
    backend,
    ...checkStepOptions(options, backend),
  };
  if (task === 'speed') return { kind: 'speed', ...common, ...speedSizes(options) };
  const { encoder, training } = presets[options.preset].accuracy;
  return {
    kind: 'encoder',
    ...common,
    dataset: describeDataset(options, data),
    encoder: { ...encoder, ...encoderSizes(options) },
    training: {
      ...training,
      ...defined({
        batchSize: options.batch,
        learningRate: options.learningRate,
        maxEpochs: options.epochs,
        vocabulary: options.vocabulary,
      }),
    },
  };
}

function describeBaseline(options: RunOptions, data: ChosenData | null): object {
  return {
    kind: 'baseline',
    task: 'classification',
    architecture: options.architecture,
    dataset: describeDataset(options, data),
    vocabulary: options.vocabulary ?? presets[options.preset].accuracy.training.vocabulary,
    seed: options.seed,
    backend: 'none',
  };
}

/** Without a batch, as many sequences as fill the preset's tokens. */
function speedSizes(options: RunOptions): object {
  const { encoder, lengths, tokens, vocabulary, classes, ...timing } = presets[options.preset].speed;
  const { warmup, warmupLimit, samples } = timing;
  const length = options.length ?? lengths[0] ?? 128;
  return {
    mode: options.mode,
    encoder: { ...encoder, length, ...encoderSizes(options) },
    batch: options.batch ?? Math.max(1, Math.floor(tokens / length)),
    vocabulary: options.vocabulary ?? vocabulary,
    classes,
    warmup,
    warmupLimit,
    samples,
  };
}

function encoderSizes({ length, layers, hidden, heads, feedForward, dropout }: RunOptions): object {
  return defined({ length, layers, hidden, heads, feedForward, dropout });
}

function chooseOne(options: RunOptions, folders: readonly string[]): Promise<ChosenData> {
  if (options.dataset === undefined) {
    throw new UsageError(
      '--task classification needs --dataset; `formerbench list datasets` shows what is here',
    );
  }
  return chooseData([options.dataset], folders, options);
}

function describeDataset(options: RunOptions, data: ChosenData | null): object {
  const [found] = data?.datasets ?? [];
  if (found === undefined) throw new UsageError(`no dataset ${options.dataset ?? ''}`);
  const { dataset, options: chosen } = found;
  const changed = Object.keys(options.datasetOption).length > 0;
  return {
    name: dataset.name,
    options: changed
      ? parseOptions(dataset.options, options.datasetOption, `dataset '${dataset.name}'`)
      : chosen,
    ...presets[options.preset].accuracy.examples,
    ...defined({ train: options.train, validation: options.validation, test: options.test }),
  };
}

function checked(description: object): Cell {
  const parsed = cellSchema.safeParse(description);
  if (!parsed.success)
    throw new UsageError(`this is no cell that can be run: ${z.prettifyError(parsed.error)}`);
  const cell = parsed.data;
  const sizes = sizesOf(cell);
  if (sizes !== null && sizes.hidden % sizes.heads !== 0)
    throw new UsageError(`--heads ${sizes.heads} must divide --hidden ${sizes.hidden}`);
  return cell;
}

/** Null for floors. */
function sizesOf(cell: Cell): { readonly hidden: number; readonly heads: number } | null {
  if (cell.kind === 'recommender') return cell.recommender;
  if (cell.kind === 'summarizer') return cell.summarizer;
  return cell.kind === 'encoder' || cell.kind === 'speed' ? cell.encoder : null;
}
