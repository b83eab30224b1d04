/** The command: what it says, with which code it ends, and what several of it do to one cache. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fetchables } from '../../tasks/datasets/fetchable.js';
import { temporaryFolder } from '../tasks/datasets/archives.js';
import { broken, serve, whole } from './file-server.js';
import { start } from './formerbench.js';
import { archive, inCache, sha256, wholeCache } from './small-list-ops.js';

describe('formerbench data', () => {
  const run = (cache: string, ...args: string[]) =>
    start(['data', ...args], { FORMERBENCH_CACHE: cache }).ended;

  it('lists what there is as one JSON document, with origins, sizes, checksums and licences', async () => {
    const { code, stdout } = await run(temporaryFolder(), 'list', '--json');
    expect(code).toBe(0);
    const { datasets } = JSON.parse(stdout) as { datasets: { name: string }[] };
    expect(datasets.map(({ name }) => name)).toEqual(fetchables.map(({ name }) => name));
    expect(datasets.find(({ name }) => name === 'glove')).toMatchObject({
      available: false,
      files: [
        {
          file: 'glove.6B.zip',
          bytes: 862_182_613,
          sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        },
      ],
    });
  });

  it('fetches from a mirror, lists what is here, finds it here the second time, and verifies it', async () => {
    const cache = temporaryFolder();
    const { url, ranges } = await serve(whole(archive));
    const fetching = ['fetch', 'listops', '--mirror', url, '--mirrors-only'];
    const first = await run(cache, ...fetching, '--json');
    expect(first.code).toBe(0);
    expect(JSON.parse(first.stdout)).toMatchObject([{ name: 'listops', files: [{ sha256 }], count: 90 }]);
    expect(first.stderr).toMatch(/lra_release\.gz: .* 100 %/);
    expect((await run(cache, ...fetching)).stderr).toMatch(/listops is here already/);
    expect(ranges).toHaveLength(1);
    expect((await run(cache, 'list')).stdout).toMatch(/here: lra_release\.gz/);
    const verified = await run(cache, 'verify', '--json');
    expect(JSON.parse(verified.stdout)).toMatchObject([{ name: 'listops', passed: true }]);
  });

  it('waits for another fetch of the same files, says for whom, and ends in order when it is stopped', async () => {
    const cache = temporaryFolder();
    let answer: () => void = () => undefined;
    const { url, ranges } = await serve((...request) => {
      answer = () => {
        whole(archive)(...request);
      };
    });
    const begin = () =>
      start(['data', 'fetch', 'listops', '--mirror', url, '--mirrors-only'], { FORMERBENCH_CACHE: cache });
    const first = begin();
    while (ranges.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    const [second, third] = [begin(), begin()];
    const said = `process ${first.child.pid} is writing listops in ${join(cache, 'data')}; waiting`;
    await Promise.all([second.said(said), third.said(said)]);
    third.child.kill('SIGINT');
    expect((await third.ended).code).toBe(130);
    answer();
    expect((await first.ended).code).toBe(0);
    const { code, stderr } = await second.ended;
    expect(code).toBe(0);
    expect(stderr).toMatch(/listops is here already/);
    expect(ranges).toHaveLength(1);
    expect(inCache(join(cache, 'data'))).toEqual(wholeCache);
  });

  it('takes over from a fetch that was killed', async () => {
    const cache = temporaryFolder();
    const { url, ranges } = await serve((request, response, number) => {
      (number === 0 ? broken(archive, 2_000, 'stall') : whole(archive))(request, response, number);
    });
    const fetching = ['data', 'fetch', 'listops', '--mirror', url, '--mirrors-only'];
    const first = start(fetching, { FORMERBENCH_CACHE: cache });
    await first.said('lra_release.gz:');
    first.child.kill('SIGKILL');
    await first.ended;
    expect((await start(fetching, { FORMERBENCH_CACHE: cache }).ended).code).toBe(0);
    expect(ranges).toHaveLength(2);
    expect(inCache(join(cache, 'data'))).toEqual(wholeCache);
  });

  it('shows a licence that asks for agreement and does not fetch without it', async () => {
    const { code, stderr } = await run(temporaryFolder(), 'fetch', 'mind-topics');
    expect(code).toBe(2);
    expect(stderr).toMatch(/Microsoft Research License Terms.*https.*--accept-licence/s);
  });

  it('says what is wrong with a name, a mirror, a file', async () => {
    const cases: [string[], number, RegExp][] = [
      [['fetch', 'listop'], 2, /did you mean 'listops'/],
      [['fetch', 'listops', '--mirror', 'ftp://x'], 2, /is no URL/],
      [['fetch', 'listops', '--mirrors-only'], 2, /needs a --mirror/],
      [['import', 'listops', '/nowhere.gz'], 2, /is no file/],
      [['verify', 'listops'], 1, /listops is not here; data fetch/],
    ];
    const cache = temporaryFolder();
    const ended = await Promise.all(cases.map(([args]) => run(cache, ...args)));
    for (const [i, [, code, message]] of cases.entries()) {
      expect(ended[i]?.code).toBe(code);
      expect(ended[i]?.stderr).toMatch(message);
    }
  });
});
