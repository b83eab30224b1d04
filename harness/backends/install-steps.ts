/** The steps of an installation: each takes the folder that is being built and adds its part. */
import { copyFile, cp, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from './commands.js';
import type { InstallPlan } from './install-plan.js';
import { sha256 } from './manifest.js';
import { BackendError } from './names.js';
import { sharedCopySymbol } from './native.js';
import { nodeApiVersion, packageFolder, tfjsVersion } from './places.js';

/** Where things are, relative to the installation's folder. The wheels' own layout is kept: libraries find each other by it. */
export const layout = {
  libraries: 'site/tensorflow',
  nvidia: 'site/nvidia',
  binding: 'site/tensorflow/tfjs_binding.node',
  javascript: 'node_modules/@tensorflow/tfjs-node-gpu',
} as const;

/** Downloads the wheels and checks the pinned one. @returns their paths */
export async function downloadWheels(plan: InstallPlan, folder: string): Promise<string[]> {
  const pip = ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--quiet', '--no-cache-dir'];
  const target = [
    '--python-version',
    plan.python.version,
    '--platform',
    plan.python.platform,
    '--dest',
    folder,
  ];
  await mkdir(folder, { recursive: true });
  await runCommand('python3', [...pip, ...target, plan.wheel.requirement]);
  const [wheel = ''] = await readdir(folder);
  const path = join(folder, wheel);
  const found = await sha256(path);
  if (found !== plan.wheel.sha256) {
    throw new BackendError(
      `${wheel} has the sha256 ${found}, expected ${plan.wheel.sha256}: it is not the file that this version was made for`,
    );
  }
  if (plan.libraries.length > 0) {
    const platforms = ['--platform', 'manylinux2014_x86_64', '--platform', 'manylinux_2_17_x86_64'];
    await runCommand('python3', [...pip, ...target, ...platforms, ...plan.libraries], {
      timeoutMs: 3_600_000,
    });
  }
  return (await readdir(folder)).map((name) => join(folder, name));
}

/** Unpacks what is kept into `site/`, and headers into a folder of their own. Wheels are removed as they are done. */
export async function unpackWheels(
  plan: InstallPlan,
  wheels: readonly string[],
  root: string,
  headers: string,
): Promise<void> {
  const script = fileURLToPath(new URL('unpack_wheel.py', import.meta.url));
  const unpack = (wheel: string, folder: string, prefixes: readonly string[]) =>
    runCommand('python3', [script, wheel, folder, String(plan.maxUnpackedBytes), ...prefixes]);
  for (const wheel of wheels) {
    await unpack(wheel, join(root, 'site'), plan.keep);
    await unpack(wheel, headers, plan.keepToCompile);
    await rm(wheel);
  }
}

/**
 * The JavaScript side: copied from this package's dependencies, or, where npm left the optional one out, fetched by npm
 * without running its install script. `@tensorflow/tfjs` becomes a stub that hands back the copy already loaded.
 */
export async function addJavaScript(root: string, scratch: string): Promise<void> {
  const from = packageFolder('@tensorflow/tfjs-node-gpu') ?? (await fetchJavaScript(scratch));
  const protobuf = dirname(createRequire(join(from, 'package.json')).resolve('google-protobuf'));
  const to = join(root, layout.javascript);
  await mkdir(to, { recursive: true });
  await copyFile(join(from, 'package.json'), join(to, 'package.json'));
  for (const part of ['dist', 'binding']) await cp(join(from, part), join(to, part), { recursive: true });
  const protobufTo = join(root, 'node_modules/google-protobuf');
  await mkdir(protobufTo, { recursive: true });
  for (const file of ['package.json', 'google-protobuf.js']) {
    await copyFile(join(protobuf, file), join(protobufTo, file));
  }
  await addStubs(root);
}

/** Replaces TensorFlow.js in an installation by stubs. */
export async function addStubs(root: string): Promise<void> {
  for (const name of ['tfjs', 'tfjs-core']) {
    const folder = join(root, 'node_modules/@tensorflow', name);
    await rm(folder, { recursive: true, force: true });
    await writeStub(folder);
  }
}

async function writeStub(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ name: basename(folder), version: tfjsVersion, main: 'index.js' }),
  );
  await writeFile(
    join(folder, 'index.js'),
    `module.exports = globalThis[Symbol.for(${JSON.stringify(sharedCopySymbol)})];\n`,
  );
}

/** @returns the folder of the package */
async function fetchJavaScript(scratch: string): Promise<string> {
  const stub = join(scratch, 'stub');
  await writeStub(stub);
  const manifest = {
    private: true,
    dependencies: { '@tensorflow/tfjs-node-gpu': tfjsVersion },
    // Already here, and a hundred megabytes.
    overrides: { '@tensorflow/tfjs': 'file:stub' },
  };
  await writeFile(join(scratch, 'package.json'), JSON.stringify(manifest));
  await runCommand('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: scratch });
  return join(scratch, 'node_modules/@tensorflow/tfjs-node-gpu');
}

/** Compiles tfjs-node's binding against the library: Node-API only, so no headers of Node.js itself are needed. */
export async function compileBinding(root: string, headers: string, scratch: string): Promise<void> {
  const libraries = join(root, layout.libraries);
  // The linker looks for names without versions.
  await symlink(join(libraries, 'libtensorflow_cc.so.2'), join(scratch, 'libtensorflow.so'));
  await symlink(join(libraries, 'libtensorflow_framework.so.2'), join(scratch, 'libtensorflow_framework.so'));
  const { include_dir: nodeApi } = createRequire(import.meta.url)('node-api-headers') as {
    include_dir: string;
  };
  const sources = join(root, layout.javascript);
  const nvidia = await readdir(join(root, layout.nvidia)).catch(() => []);
  const searched = ['$ORIGIN', ...nvidia.map((name) => `$ORIGIN/../nvidia/${name}/lib`)];
  await runCommand('g++', [
    ...['-std=c++17', '-O2', '-fPIC', '-shared', `-DNAPI_VERSION=${nodeApiVersion}`],
    ...[nodeApi, join(headers, 'tensorflow/include'), sources, dirname(sources)].flatMap((path) => [
      '-I',
      path,
    ]),
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(sources, 'binding', name)),
    ...['-L', scratch, '-ltensorflow', '-ltensorflow_framework'],
    ...searched.map((path) => `-Wl,-rpath,${path}`),
    ...['-o', join(root, layout.binding)],
  ]);
}

/** Loads the binding in a process of its own and multiplies two matrices. @returns the library's version */
export async function probeBinding(binding: string): Promise<string> {
  const program = `
    const binding = require(${JSON.stringify(binding)});
    const matrix = (values) => binding.createTensor([2, 2], binding.TF_FLOAT, Float32Array.from(values));
    const attributes = ['transpose_a', 'transpose_b']
      .map((name) => ({ name, type: binding.TF_ATTR_BOOL, value: false }))
      .concat({ name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT });
    const [product] = binding.executeOp('MatMul', attributes, [matrix([1, 2, 3, 4]), matrix([5, 6, 7, 8])], 1);
    console.log(JSON.stringify({ version: binding.TF_Version, product: [...binding.tensorDataSync(product.id)] }));`;
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' };
  const printed = await runCommand(process.execPath, ['-e', program], { timeoutMs: 120_000, env });
  const answer = JSON.parse(printed) as { version: string; product: number[] };
  if (answer.product.join() !== '19,22,43,50') {
    throw new BackendError(`the compiled library multiplies wrongly: ${answer.product.join(', ')}`);
  }
  return answer.version;
}
