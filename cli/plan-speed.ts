/** The cells of `formerbench speed`: flags to a sweep, checked before anything runs. */
import { z } from 'zod';
import { resolveBackend } from '../harness/backends/index.js';
import { cellSchema, type SpeedCell } from '../harness/cell.js';
import { type Job, planJobs } from '../harness/plan.js';
import { allArchitectures, loadPlugins, type Plugin, pluginFiles } from '../harness/plugins.js';
import type { ArchitectureChoice, SpeedMode } from '../reports/paper/contract.js';
import { figure2 } from '../reports/paper/figure-2.js';
import { presets } from '../reports/paper/presets.js';
import { speedSweep, type SpeedSweep } from '../reports/paper/speed-cells.js';
import { withTextbook } from '../reports/paper/textbook-forms.js';
import { chooseArchitectures } from './choose.js';
import type { MeasuringOptions } from './common-options.js';
import { UsageError } from './errors.js';
import type { SchedulerFlags } from './scheduler-options.js';
import { parseOptions } from './schema-options.js';
import { checkStepOptions, type StepOptions } from './step-options.js';
import { findByName } from './suggest.js';

export interface SpeedOptions extends MeasuringOptions, StepOptions, SchedulerFlags {
  readonly architectures?: readonly string[];
  /** By `architecture.name`. */
  readonly option: Readonly<Record<string, string>>;
  readonly lengths: readonly number[];
  /** Both when not given; of a search for the largest batch, training. */
  readonly modes?: readonly string[];
  /** Search for the largest batch instead of holding the tokens of a step constant. */
  readonly largestBatch: boolean;
  readonly tokens: number;
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  readonly feedForward: number;
  readonly rounds: number;
  readonly samples: number;
  readonly seed: number;
}

/** What no flag changes. */
const defaults = presets.laptop.speed;

const modes: readonly SpeedMode[] = ['inference', 'training'];

export interface SpeedPlan {
  readonly jobs: readonly Job[];
  readonly backend: string;
  readonly pluginFiles: readonly string[];
}

/** @throws UsageError for any name or size that is not one */
export async function planSpeed(options: SpeedOptions): Promise<SpeedPlan> {
  checkTokens(options);
  const { cells, backend, files, pluginFiles } = await speedCells(options, options.tokens);
  return { jobs: planJobs(cells, files), backend, pluginFiles };
}

export interface SpeedCells {
  readonly cells: readonly SpeedCell[];
  readonly backend: string;
  /** Of plugins, by architecture. */
  readonly files: ReadonlyMap<string, string>;
  readonly pluginFiles: readonly string[];
}

/**
 * @param tokens - of a step
 * @throws UsageError for any name or size that is not one
 */
export async function speedCells(options: SpeedOptions, tokens: SpeedSweep['tokens']): Promise<SpeedCells> {
  const plugins = await loadPlugins(options.plugin);
  const architectures = withOptions(
    chooseArchitectures(options.architectures, [figure2], plugins),
    options,
    plugins,
  );
  const { lengths, layers, hidden, heads, feedForward, rounds, samples, seed } = options;
  if (hidden % heads !== 0) throw new UsageError(`--heads ${heads} must divide --hidden ${hidden}`);
  const backend = await resolveBackend(options.backend);
  const cells = speedSweep({
    ...defaults,
    architectures: options.architectures === undefined ? withTextbook(architectures) : architectures,
    lengths,
    modes: options.modes?.map(modeOf) ?? (options.largestBatch ? ['training'] : modes),
    encoder: { ...defaults.encoder, layers, hidden, heads, feedForward },
    tokens,
    samples,
    rounds,
    firstRound: seed,
    backend,
    ...checkStepOptions(options, backend),
  });
  for (const cell of cells) {
    const { error } = cellSchema.safeParse(cell);
    if (error !== undefined)
      throw new UsageError(`this is no cell that can be run: ${z.prettifyError(error)}`);
  }
  const files = pluginFiles(plugins);
  return { cells, backend, files, pluginFiles: [...files.values()] };
}

function checkTokens({ tokens, lengths }: SpeedOptions): void {
  const uneven = lengths.find((length) => tokens % length !== 0);
  if (uneven !== undefined)
    throw new UsageError(
      `--tokens ${tokens} are no whole number of sequences of length ${uneven}; every length has to divide them`,
    );
}

function modeOf(name: string): SpeedMode {
  const mode = modes.find((known) => known === name);
  if (mode === undefined) throw new UsageError(`no mode '${name}'; there are ${modes.join(' and ')}`);
  return mode;
}

/** Options on the command line are named `architecture.option`. */
function withOptions(
  chosen: readonly ArchitectureChoice[],
  { option }: SpeedOptions,
  plugins: readonly Plugin[],
): ArchitectureChoice[] {
  const given = new Map<string, Record<string, string>>();
  for (const [key, value] of Object.entries(option)) {
    const at = key.indexOf('.');
    if (at < 1) throw new UsageError(`--option ${key}: give architecture.name=value`);
    const { name } = findByName('architecture', key.slice(0, at), chosen);
    given.set(name, { ...given.get(name), [key.slice(at + 1)]: value });
  }
  return chosen.map((choice) => {
    const architecture = allArchitectures(plugins).find(({ name }) => name === choice.name);
    const values = given.get(choice.name);
    return architecture === undefined || values === undefined
      ? choice
      : {
          name: choice.name,
          options: parseOptions(architecture.options, values, `architecture '${choice.name}'`),
        };
  });
}
