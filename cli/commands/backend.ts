/** `formerbench backend list|install|remove`: the native library, in the user's cache. */
import type { Command } from 'commander';
import type { Variant } from '../../harness/backends/places.js';
import { alignColumns, note, print, printJson } from '../output.js';

interface VariantOptions {
  readonly gpu: boolean;
  readonly json: boolean;
}

const variantOf = ({ gpu }: VariantOptions): Variant => (gpu ? 'gpu' : 'cpu');

export function addBackendCommand(program: Command): void {
  const backend = program.command('backend').description('what computes: list, install or remove');
  backend
    .command('list')
    .description('every backend, best first, and whether it can be used')
    .option('--json', 'one JSON document on stdout', false)
    .action(list);
  backend
    .command('install')
    .description('get the native TensorFlow library into the user’s cache (270 MB download, 820 MB on disk)')
    .option('--gpu', 'the library for NVIDIA GPUs, with CUDA; has not been run on a GPU yet', false)
    .option('--dry-run', 'say what would be done, and do nothing', false)
    .option('--json', 'one JSON document on stdout, progress on stderr', false)
    .action(install);
  backend
    .command('remove')
    .description('delete an installed library from the cache')
    .option('--gpu', 'the library for GPUs', false)
    .option('--json', 'one JSON document on stdout', false)
    .action(remove);
}

async function list({ json }: { json: boolean }): Promise<void> {
  const { describeBackends } = await import('../../harness/backends/index.js');
  const { cacheFolder } = await import('../../harness/backends/places.js');
  const backends = await describeBackends();
  if (json) {
    printJson({ cache: cacheFolder(), backends });
    return;
  }
  const rows = backends.map(({ name, available, used, reason }) => [
    used ? '*' : ' ',
    name,
    available ? 'yes' : 'no',
    reason,
  ]);
  for (const line of alignColumns([[' ', 'backend', 'usable', 'why'], ...rows])) print(line);
  print('');
  print(`* what --backend auto uses; libraries are installed in ${cacheFolder()}`);
}

async function install(options: VariantOptions & { readonly dryRun: boolean }): Promise<void> {
  const { planInstall } = await import('../../harness/backends/install-plan.js');
  const plan = planInstall(variantOf(options), process.platform, process.arch);
  if (options.dryRun) {
    if (options.json) printJson(plan);
    else for (const line of [...plan.warnings, ...plan.steps]) print(line);
    return;
  }
  const { installBackend } = await import('../../harness/backends/install.js');
  const { cacheFolder } = await import('../../harness/backends/places.js');
  const { manifest, installed } = await installBackend({ variant: plan.variant, onProgress: note });
  if (options.json) {
    const { key, variant, origin, tensorflow } = manifest;
    printJson({ installed, cache: cacheFolder(), key, variant, origin, tensorflow });
    return;
  }
  const state = installed ? 'is installed' : 'was installed already';
  print(
    `TensorFlow ${manifest.tensorflow} (${manifest.variant}) ${state} in ${cacheFolder()}; --backend auto uses it`,
  );
}

async function remove(options: VariantOptions): Promise<void> {
  const { removeBackend } = await import('../../harness/backends/install.js');
  const removed = await removeBackend(variantOf(options));
  if (options.json) printJson({ removed });
  else print(removed ? 'removed' : 'there was none to remove');
}
