/** `formerbench data list|fetch|verify|import`: what can be had, what is here, and whether it is whole. */
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import type { Acquired } from '../../tasks/datasets/acquire.js';
import type { Fetchable } from '../../tasks/datasets/fetchable.js';
import { addDataOption } from '../common-options.js';
import { CliError, exitCodes, UsageError } from '../errors.js';
import { exclusivelyIn } from '../exclusively.js';
import { catchInterrupts } from '../interrupt.js';
import { alignColumns, note, print, printJson } from '../output.js';
import { createTransferProgress, formatBytes } from '../transfer-progress.js';
import { findByName } from '../suggest.js';
import { collect, parseDuration } from '../values.js';

export function addDataCommand(program: Command): void {
  const data = program.command('data').description('datasets: list, fetch, verify, import');
  const listing = data
    .command('list')
    .description('what there is, where it comes from, how large, under which licence, and whether it is here')
    .option('--json', 'one JSON document on stdout', false)
    .action(list);
  addDataOption(listing);
  data
    .command('fetch')
    .description('download datasets into the user’s cache, check them, and read them through')
    .argument('<names...>', 'of `formerbench data list`')
    .option('--accept-licence', 'agree to the terms that a dataset asks to agree to', false)
    .option('--mirror <url>', 'a folder that holds the same files, tried first; repeatable', collect, [])
    .option('--mirrors-only', 'ask no other place', false)
    .option('--stall-timeout <time>', 'a connection on which nothing comes is broken', parseDuration, 30)
    .option('--json', 'one JSON document on stdout, progress on stderr', false)
    .action(fetchAll);
  const verifying = data
    .command('verify')
    .description('hold data that is here against its checksums, and read all of it')
    .argument('[names...]', 'default: all that is here')
    .option('--json', 'one JSON document on stdout', false)
    .action(verify);
  addDataOption(verifying);
  data
    .command('import')
    .description('put files that are on this machine already into the cache, once they are checked')
    .argument('<name>', 'of `formerbench data list`')
    .argument('<files...>', 'its archive, or all of its files')
    .option('--unverified', 'take also a file whose checksum is not the published one', false)
    .option('--json', 'one JSON document on stdout', false)
    .action(importFiles);
}

async function list({ data, json }: { data?: string; json: boolean }): Promise<void> {
  const { fetchables, fileOf } = await import('../../tasks/datasets/fetchable.js');
  const { cachedDataFolder, dataFolders } = await import('../../tasks/datasets/folders.js');
  const folders = dataFolders(data);
  const entries = await Promise.all(
    fetchables.map(async (each) => {
      const { name, title, licence, terms, origins } = each;
      const source = await each.find(folders);
      const files = origins.map((origin) => ({ file: fileOf(origin), ...origin }));
      return {
        name,
        title,
        available: source !== null,
        source: source?.label ?? null,
        licence,
        terms,
        files,
      };
    }),
  );
  if (json) {
    printJson({ cache: cachedDataFolder(), datasets: entries });
    return;
  }
  for (const { name, title, source, licence, terms, files } of entries) {
    print(`${name}: ${title}`);
    print(`    ${source === null ? 'not here' : `here: ${source}`}`);
    print(`    licence: ${licence}${terms === null ? '' : '; asks for agreement'}`);
    for (const { url, bytes, sha256, md5 } of files) {
      const size = bytes === undefined ? [] : [formatBytes(bytes)];
      const sum =
        sha256 === undefined
          ? md5 === undefined
            ? 'no checksum published'
            : `md5 ${md5}`
          : `sha256 ${sha256}`;
      print(`    ${[url, ...size, sum].join(', ')}`);
    }
  }
  print(`\ndata fetch puts files into ${cachedDataFolder()}`);
}

interface FetchFlags {
  readonly acceptLicence: boolean;
  readonly mirror: readonly string[];
  readonly mirrorsOnly: boolean;
  readonly stallTimeout: number;
  readonly json: boolean;
}

async function fetchAll(names: readonly string[], flags: FetchFlags): Promise<void> {
  const { fetchables } = await import('../../tasks/datasets/fetchable.js');
  const { fetchData } = await import('../../tasks/datasets/acquire.js');
  const { cachedDataFolder } = await import('../../tasks/datasets/folders.js');
  const { mkdir } = await import('node:fs/promises');
  const chosen = names.map((name) => findByName('dataset', name, fetchables));
  for (const mirror of flags.mirror) assertUrl(mirror);
  if (flags.mirrorsOnly && flags.mirror.length === 0) throw new UsageError('--mirrors-only needs a --mirror');
  for (const each of chosen) await agree(each, flags.acceptLicence);
  const cache = cachedDataFolder();
  await mkdir(cache, { recursive: true });
  const interrupt = catchInterrupts();
  const acquired: Acquired[] = [];
  try {
    for (const each of chosen) {
      const progress = createTransferProgress(process.stderr);
      const options = {
        cache,
        exclusively: exclusivelyIn(cache, interrupt.signal),
        mirrors: flags.mirror,
        mirrorsOnly: flags.mirrorsOnly,
        stallMs: flags.stallTimeout * 1000,
        signal: interrupt.signal,
        progress: progress.report,
      };
      const fetched = await fetchData(each, options).finally(progress.end);
      if (fetched === null) note(`${each.name} is here already; data verify checks it`);
      else acquired.push(fetched);
    }
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    note('stopped; the same command goes on from there');
    process.exitCode = exitCodes.interrupted;
  } finally {
    interrupt.release();
  }
  show(acquired, flags.json);
}

function assertUrl(text: string): void {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text))
    throw new UsageError(`--mirror ${text} is no URL; give one that starts with https:// or http://`);
}

/** Shows what must be agreed to, and asks where someone can answer. */
async function agree({ name, terms }: Fetchable, accepted: boolean): Promise<void> {
  if (terms === null) return;
  note(`${name}: ${terms.title}. ${terms.summary} ${terms.url}`);
  if (accepted) return;
  if (!process.stdin.isTTY)
    throw new UsageError(`read the licence of ${name} and add --accept-licence to agree to it`);
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await asking.question('Do you agree? [y/N] ').finally(() => {
    asking.close();
  });
  if (!/^y(?:es)?$/i.test(answer.trim())) throw new CliError(`${name} is not fetched without agreement`);
}

function show(acquired: readonly Acquired[], json: boolean): void {
  if (json) {
    printJson(acquired);
    return;
  }
  for (const { name, files, count } of acquired) {
    print(`${name}: ${count} examples read, all well`);
    for (const { file, bytes, sha256 } of files)
      print(`    ${file}, ${formatBytes(bytes)}, sha256 ${sha256}`);
  }
}

async function verify(
  names: readonly string[],
  { data, json }: { data?: string; json: boolean },
): Promise<void> {
  const { fetchables } = await import('../../tasks/datasets/fetchable.js');
  const { cachedDataFolder, dataFolders } = await import('../../tasks/datasets/folders.js');
  const { verifyData } = await import('../../tasks/datasets/verify.js');
  const folders = dataFolders(data);
  const chosen =
    names.length === 0 ? fetchables : names.map((name) => findByName('dataset', name, fetchables));
  const verified = [];
  for (const each of chosen) {
    const source = await each.find(folders);
    if (source !== null) verified.push(await verifyData(each, source, cachedDataFolder()));
    else if (names.length > 0)
      throw new CliError(`${each.name} is not here; data fetch ${each.name} gets it`);
  }
  if (json) printJson(verified);
  else {
    const rows = verified.map(({ name, label, count, problem }) => [
      name,
      label,
      problem ?? `${count ?? 0} examples, all well`,
    ]);
    for (const line of alignColumns(rows)) print(line);
    if (rows.length === 0) print('there is nothing to verify');
  }
  if (verified.some(({ passed }) => !passed)) process.exitCode = exitCodes.error;
}

async function importFiles(
  name: string,
  files: readonly string[],
  { unverified, json }: { unverified: boolean; json: boolean },
): Promise<void> {
  const { fetchables } = await import('../../tasks/datasets/fetchable.js');
  const { importData } = await import('../../tasks/datasets/acquire.js');
  const { cachedDataFolder } = await import('../../tasks/datasets/folders.js');
  const { isFile } = await import('../../tasks/datasets/places.js');
  const { mkdir } = await import('node:fs/promises');
  const fetchable = findByName('dataset', name, fetchables);
  const missing = files.find((file) => !isFile(file));
  if (missing !== undefined) throw new UsageError(`${missing} is no file; give the archive itself`);
  const cache = cachedDataFolder();
  await mkdir(cache, { recursive: true });
  // Ctrl-C ends it at once: the next import clears away what is left.
  const exclusively = exclusivelyIn(cache, new AbortController().signal);
  show([await importData(fetchable, files, { cache, exclusively, unverified })], json);
}
