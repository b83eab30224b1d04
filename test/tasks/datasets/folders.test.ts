import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DataError } from '../../../tasks/datasets/contract.js';
import { cachedDataFolder, dataFolders } from '../../../tasks/datasets/folders.js';
import { temporaryFolder } from './archives.js';

function filledFolder(): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'something'), '');
  return folder;
}

const named = (folders: string[]) => folders.filter((folder) => folder !== cachedDataFolder());

describe('dataFolders', () => {
  it('puts the folder of the command line before that of the environment', () => {
    const [first, second] = [filledFolder(), filledFolder()];
    expect(named(dataFolders(first, { FORMERBENCH_DATA: second }))).toEqual([first, second]);
    expect(named(dataFolders(undefined, { FORMERBENCH_DATA: second }))).toEqual([second]);
  });

  it('needs no folder at all', () => {
    expect(named(dataFolders(undefined, {}))).toEqual([]);
    expect(named(dataFolders(undefined, { FORMERBENCH_DATA: '' }))).toEqual([]);
  });

  it('has the cache last', () => {
    expect(cachedDataFolder()).toMatch(/formerbench.*data$/);
  });

  it('refuses a named folder that is missing, empty or a file, and says which and what to do', () => {
    const missing = join(temporaryFolder(), 'missing');
    const file = join(filledFolder(), 'something');
    const problems = [
      [missing, 'does not exist'],
      [temporaryFolder(), 'is empty'],
      [file, 'is not a folder'],
    ] as const;
    for (const [folder, problem] of problems) {
      const message = `the data folder ${JSON.stringify(folder)} ${problem}. Give a folder that holds data`;
      expect(() => dataFolders(folder, {})).toThrow(DataError);
      expect(() => dataFolders(folder, {})).toThrow(`--data: ${message}`);
      expect(() => dataFolders(undefined, { FORMERBENCH_DATA: folder })).toThrow(
        `FORMERBENCH_DATA: ${message}`,
      );
    }
  });
});
