/** Finds and reads datasets as the loader does. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { DataError, type TextDataset, type TextExample } from '../../../tasks/datasets/contract.js';

/** Every example of a dataset in a folder. */
export async function readAll(
  dataset: TextDataset,
  folder: string,
  given: Readonly<Record<string, unknown>> = {},
): Promise<TextExample[]> {
  const options = dataset.options.parse(given);
  const source = await dataset.find([folder], options);
  if (source === null) throw new Error('the dataset was not found');
  const examples: TextExample[] = [];
  for await (const example of dataset.read(source, options)) examples.push(example);
  return examples;
}

/** The message of the DataError that something ends with. */
export async function problemOf(work: Promise<unknown>): Promise<string> {
  const error = await work.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DataError);
  return (error as DataError).message;
}

/** Real samples in the layouts of the originals, where a machine has them; null elsewhere. */
export function sharedData(what: string): string | null {
  const folder = fileURLToPath(new URL('../../../../shared/data', import.meta.url));
  if (existsSync(folder)) return folder;
  console.info(`skipped: ${what}, ../shared is not here`);
  return null;
}

/** How many examples have each label. */
export function countLabels(examples: readonly TextExample[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { label } of examples) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}
