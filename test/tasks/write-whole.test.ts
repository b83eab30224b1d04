import { execFileSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeWhole } from '../../tasks/write-whole.js';

const folder = () => mkdtempSync(join(tmpdir(), 'formerbench-whole-'));

describe('a file that is written whole', () => {
  it('replaces the old one and leaves nothing else', async () => {
    const here = folder();
    const file = join(here, 'page.html');
    writeFileSync(file, 'old');
    await writeWhole(file, 'new');
    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(readdirSync(here)).toEqual(['page.html']);
  });

  it('leaves nothing where it cannot be written', async () => {
    const here = folder();
    await expect(writeWhole(here, 'a folder is no file')).rejects.toThrow(/EISDIR/);
    await expect(writeWhole(join(here, 'missing', 'page.html'), 'new')).rejects.toThrow(/ENOENT/);
    expect(readdirSync(here)).toEqual([]);
  });

  it('goes into a pipe, which stays one', async () => {
    const pipe = join(folder(), 'pipe');
    execFileSync('mkfifo', [pipe]);
    const [text] = await Promise.all([readFile(pipe, 'utf8'), writeWhole(pipe, 'through')]);
    expect(text).toBe('through');
    expect(lstatSync(pipe).isFIFO()).toBe(true);
  });
});
