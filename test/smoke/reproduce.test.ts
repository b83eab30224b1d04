/**
 * The main command with its smallest preset, on each version of Node.js that is supported and each backend here. Two
 * architectures: what is tried is the path, and every architecture has the conformance kit.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeBackends } from '../../harness/backends/index.js';
import { readRecords } from '../../harness/read-records.js';
import { packageRoot } from '../../harness/sources.js';
import { canFetchNode, nodeProgram, type NodeProgram } from './nodes.js';

const backends = (await describeBackends()).filter(({ name, available }) => available && name !== 'cpu');
const names = backends.map(({ name }) => name);
if (!names.includes('tensorflow'))
  console.info('smoke on the native backend: skipped, not installed (formerbench backend install)');
if (!canFetchNode) console.info('smoke on other versions of Node.js: skipped, only for linux-x64');
const majors = canFetchNode ? [20, 22, 24] : [Number(process.versions.node.split('.')[0])];

interface Summary {
  readonly cells: { readonly planned: number; readonly ran: number; readonly reused: number };
}

describe.each(majors)('Node.js %i', (major) => {
  let node: NodeProgram;
  let results: string;
  beforeAll(() => {
    node = nodeProgram(major);
    results = mkdtempSync(join(tmpdir(), 'formerbench-smoke-'));
  });
  afterAll(() => {
    for (const folder of [results, node.folder])
      if (folder !== null) rmSync(folder, { recursive: true, force: true });
  });

  /** Fails the test unless the program exits 0. */
  const formerbench = async (...args: string[]): Promise<Summary> => {
    const env = { ...process.env, FORMERBENCH_DATA: '' };
    const command = [join(packageRoot, 'bin/formerbench.js'), ...args, '--json'];
    const { stdout } = await promisify(execFile)(node.program, command, { env, maxBuffer: 1 << 26 });
    return JSON.parse(stdout) as Summary;
  };
  const reproduce = (backend: string, out: string) =>
    formerbench(
      ...['reproduce-paper-tables', '--preset', 'smoke', '--only', 'table-4,figure-2', '--datasets', 'brown'],
      ...['--architectures', 'transformer,fastformer', '--backend', backend, '--out', out],
    );

  describe.each(names)('with the backend %s', (backend) => {
    const out = () => join(results, backend);

    it('measures every cell and leaves whole records of this Node.js and backend', async () => {
      const { cells } = await reproduce(backend, out());
      expect(cells).toMatchObject({ ran: cells.planned, reused: 0 });
      const records = await readRecords([out()]);
      expect(records).toHaveLength(cells.planned);
      for (const { id, cell, backend: used, failure, provenance, seconds } of records) {
        expect(provenance.node, id).toMatch(new RegExp(`^v${major}\\.`));
        expect(used?.name ?? 'none', id).toBe(cell.kind === 'baseline' ? 'none' : backend);
        expect(['did not learn', undefined], id).toContain(failure?.kind);
        expect(seconds, id).toBeGreaterThan(0);
      }
    });

    it('measures nothing again', async () => {
      const { cells } = await reproduce(backend, out());
      expect(cells).toMatchObject({ ran: 0, reused: cells.planned });
    });

    it('rebuilds the same report from the records, byte for byte', async () => {
      const rebuilt = join(results, `${backend}.html`);
      await formerbench('report', out(), '--out', rebuilt);
      expect(readFileSync(rebuilt).equals(readFileSync(join(out(), 'report.html')))).toBe(true);
    });
  });
});
