/**
 * The place where a worker measures: its backend, its data and the program of its children, made ready once.
 *
 * Cells run in child processes, as everywhere: the event loop of a worker stays free to say that it lives.
 */
import { removeCheckpoints } from '../checkpoints/file.js';
import { planJobs } from '../plan.js';
import { boundPrepared } from '../prepared-data.js';
import type { Job } from '../plan.js';
import { loadPlugins, pluginFiles } from '../plugins.js';
import { describeRun } from '../provenance.js';
import type { RunRecord } from '../record.js';
import { recordFrom } from '../run.js';
import type { Limits, StartChild } from '../scheduler/child.js';
import {
  childrenOf,
  type JobEnd,
  runJobs,
  type SchedulerEvent,
  type SchedulerOptions,
} from '../scheduler/index.js';
import { limitsFor, type Machine, thisMachine } from '../scheduler/limits.js';
import { prepareWorker } from '../scheduler/worker-program.js';
import { HarnessError } from '../errors.js';
import { type Cell, cellSchema, describeCell } from '../cell.js';
import type { Order } from './order.js';

export interface BenchOptions {
  /** Training cells at once. */
  readonly workers: number;
  /** Trains also cells that are planned for another; what is timed is not. */
  readonly backend: string;
  readonly dataFolders: readonly string[];
  /** Files of architectures that are not built in. */
  readonly plugins: readonly string[];
  /** What holds where an order says nothing; null = the default. */
  readonly limits: Order['limits'];
  /** Peak of the resident set that a cell is expected to have, in bytes. */
  readonly predict: (cell: Cell) => number | null;
  /** Where long cells keep how far they are, and how often; without it, nowhere. */
  readonly checkpoints?: NonNullable<SchedulerOptions['checkpoints']>;
  /** Stands in for real processes. */
  readonly start?: StartChild;
  /** Of this machine, that it may use; all when not given. */
  readonly cores?: number;
}

export interface Bench {
  /**
   * Measures an order. Null when the signal stopped it before it had a result.
   * @throws HarnessError when the order is of other sources than these
   */
  readonly measure: (
    order: Order,
    signal: AbortSignal,
    report: (event: SchedulerEvent) => void,
  ) => Promise<RunRecord | null>;
  /** Removes what is left half-way of a cell. */
  readonly forget: (id: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function openBench(options: BenchOptions): Promise<Bench> {
  const files = pluginFiles(await loadPlugins(options.plugins));
  const program = await prepareWorker(options.plugins);
  const start = options.start ?? childrenOf(program);
  const here = await describeRun(null);
  return {
    measure: async (order, signal, report) => {
      const [job] = planJobs([order.cell], files);
      if (job === undefined || job.id !== order.id)
        throw new HarnessError(
          `${describeCell(order.cell)} is of other sources than this worker's (its id would be ${job?.id ?? 'none'}, not ${order.id}); install the same version, and give the same --plugin files`,
        );
      await boundPrepared(program.folder, preparedBytes);
      let end: JobEnd | undefined;
      await runJobs([{ ...job, cell: onBackend(job.cell, options.backend) }], {
        ...options,
        start,
        signal,
        deadline: null,
        limits: limitsOf(order, options),
        keep: (ended) => {
          end = ended;
          return Promise.resolve();
        },
        report,
      });
      const { preset, commandLine } = order;
      return end === undefined ? null : recordFrom({ ...end, job }, { ...here, preset, commandLine });
    },
    forget: async (id) => {
      if (options.checkpoints !== undefined) await removeCheckpoints(options.checkpoints.folder, [id]);
    },
    close: async () => {
      await program.remove();
    },
  };
}

/** Of prepared data that a worker keeps from order to order. */
const preparedBytes = 4 * 2 ** 30;

/** A record keeps the cell as it was planned, and tells which backend it ran on. */
function onBackend(cell: Cell, backend: string): Cell {
  if (cell.backend === 'none' || cell.backend === backend) return cell;
  if (cell.kind === 'speed')
    throw new HarnessError(
      `${describeCell(cell)} is to be timed on ${cell.backend}, and this worker has ${backend}`,
    );
  return cellSchema.parse({ ...cell, backend });
}

const limitsOf =
  ({ limits }: Order, options: BenchOptions) =>
  ({ cell }: Job): Limits =>
    limitsFor(cell, machineOf(options), options.workers, {
      seconds: limits.seconds ?? options.limits.seconds,
      memoryBytes: limits.memoryBytes ?? options.limits.memoryBytes,
    });

const machineOf = ({ cores }: BenchOptions): Machine =>
  cores === undefined ? thisMachine() : { ...thisMachine(), cores };
