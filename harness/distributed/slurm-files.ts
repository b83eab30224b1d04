/**
 * What a run and its Slurm jobs share, in `OUT/slurm/` on a file system that all nodes see: lists of orders, a script a
 * list, answers by cell id, and which task has which cell. Everything appears whole, by rename.
 */
import { appendFile, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { writeWhole } from '../../tasks/write-whole.js';
import { checkpointFolder, removeCheckpoints } from '../checkpoints/file.js';
import { HarnessError } from '../errors.js';
import { makeFolders } from '../make-folders.js';
import { packageRoot } from '../sources.js';
import { type Answer, answerLimit, type Order, orderSchema } from './order.js';

const listSchema = z.strictObject({
  /** Fingerprint of the sources. */
  version: z.string(),
  backend: z.string(),
  dataFolders: z.array(z.string()),
  plugins: z.array(z.string()),
  /** Seconds of training from one checkpoint to the next; null = none are kept. */
  checkpointSeconds: z.number().positive().nullable(),
  orders: z.array(orderSchema),
});
export type OrderList = z.infer<typeof listSchema>;

const taskSchema = z.strictObject({ id: z.string().regex(/^[0-9a-f]{16}$/), task: z.string().max(64) });
/** Which task of Slurm has a cell. */
export type TaskOfCell = z.infer<typeof taskSchema>;

export interface SlurmFiles {
  readonly folder: string;
  readonly logs: string;
  /** Writes a list and the script that works it off. @returns the script */
  readonly writeList: (name: string, list: OrderList) => Promise<string>;
  readonly remember: (tasks: readonly TaskOfCell[]) => Promise<void>;
  /** All that was ever remembered, the latest last. */
  readonly remembered: () => Promise<TaskOfCell[]>;
  /** Ids that have an answer. */
  readonly answered: () => Promise<string[]>;
  readonly readAnswer: (id: string) => Promise<string>;
  readonly removeAnswer: (id: string) => Promise<void>;
  /** Removes what earlier runs left of cells: answers, and checkpoints. */
  readonly forget: (ids: readonly string[]) => Promise<void>;
}

export async function openSlurmFiles(out: string): Promise<SlurmFiles> {
  const folder = join(resolve(out), 'slurm');
  const [lists, logs, answers] = ['lists', 'logs', 'answers'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const each of [lists, logs, answers]) await makeFolders(each);
  const tasks = join(folder, 'tasks.jsonl');
  const removeAnswer = (id: string) => rm(join(answers, `${id}.json`), { force: true });
  return {
    folder,
    logs,
    writeList: async (name, list) => {
      const file = join(lists, `${name}.json`);
      await writeWhole(file, JSON.stringify(list));
      const script = join(lists, `${name}.sh`);
      await writeWhole(script, scriptOf(file));
      return script;
    },
    remember: (all) => appendFile(tasks, all.map((task) => `${JSON.stringify(task)}\n`).join('')),
    remembered: async () => {
      const text = await readFile(tasks, 'utf8').catch(() => '');
      return text.split('\n').flatMap((line) => parseTask(line) ?? []);
    },
    answered: async () =>
      (await readdir(answers)).flatMap((name) => /^([0-9a-f]{16})\.json$/.exec(name)?.[1] ?? []),
    readAnswer: async (id) => {
      const file = join(answers, `${id}.json`);
      return (await stat(file)).size > answerLimit ? 'too large' : readFile(file, 'utf8');
    },
    removeAnswer,
    forget: async (ids) => {
      for (const id of ids) await removeAnswer(id);
      await removeCheckpoints(checkpointFolder(folder), ids);
    },
  };
}

/** A line that was cut short by a crash is none. */
function parseTask(line: string): TaskOfCell | null {
  try {
    return taskSchema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

function scriptOf(list: string): string {
  const program = [process.execPath, join(packageRoot, 'bin/formerbench.js')].map(quoted).join(' ');
  return `#!/bin/sh\nexec ${program} worker --orders ${quoted(list)}\n`;
}

/** For a task. @throws HarnessError when the file is no list */
export async function readList(file: string): Promise<OrderList> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null)
    throw new HarnessError(`there is no list of orders ${file}; do the nodes see that folder?`);
  try {
    return listSchema.parse(JSON.parse(text));
  } catch {
    throw new HarnessError(
      `${file} is no list of orders; the run that wrote it writes another when started again`,
    );
  }
}

/** Where the tasks of a list keep checkpoints: a task that is requeued goes on, on any node. */
export const checkpointsOf = (list: string): string => checkpointFolder(join(list, '../..'));

/** Where the answers of a list go: `OUT/slurm/answers` beside `OUT/slurm/lists/LIST`. */
const answerFile = (list: string, { id }: Order): string => join(list, '../../answers', `${id}.json`);

export const hasAnswer = async (list: string, order: Order): Promise<boolean> =>
  (await stat(answerFile(list, order)).catch(() => null)) !== null;

export const writeAnswer = (list: string, order: Order, answer: Answer): Promise<void> =>
  writeWhole(answerFile(list, order), JSON.stringify(answer));
