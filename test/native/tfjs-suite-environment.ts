/**
 * The tests that TensorFlow.js publishes in its package, loaded into Jasmine, without those that tfjs-node itself excepts.
 * The native backend must have been started.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { runInNewContext } from 'node:vm';

export interface Spec {
  readonly fullName: string;
  readonly status: string;
  readonly failedExpectations: readonly { readonly message: string }[];
}

/** The part of Jasmine's environment that is used here. */
export interface JasmineEnvironment {
  configure(options: { random: boolean; specFilter: (spec: { getFullName(): string }) => boolean }): void;
  addReporter(reporter: { specStarted?(spec: Spec): void; specDone(spec: Spec): void }): void;
  execute(): Promise<unknown>;
}

const require = createRequire(import.meta.url);

export function environmentOfSuite(): JasmineEnvironment {
  const { getEnv } = (require('jasmine-core') as { boot: () => { getEnv: () => JasmineEnvironment } }).boot();
  loadTests();
  const exceptions = readExceptions();
  const environment = getEnv();
  environment.configure({
    random: false,
    specFilter: (spec) => !exceptions.some((name) => spec.getFullName().includes(name)),
  });
  return environment;
}

/** The tests' environments must be set before the first test is loaded. */
function loadTests(): void {
  const dist = dirname(require.resolve('@tensorflow/tfjs-core/dist/index.js'));
  require(join(dist, 'public/chained_ops/register_all_chained_ops.js'));
  const { setTestEnvs } = require(join(dist, 'jasmine_util.js')) as {
    setTestEnvs: (environments: object[]) => void;
  };
  setTestEnvs([{ name: 'test-tensorflow', backendName: 'tensorflow', flags: {}, isDataSync: true }]);
  const tests = readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((path) => /^(ops\/|optimizers\/|gradients|tensor|variable).*_test\.js$/.test(path))
    .toSorted();
  for (const path of tests) require(join(dist, path));
}

/** Names of the tests that tfjs-node leaves out, from its own runner. */
function readExceptions(): string[] {
  const source = readFileSync(require.resolve('@tensorflow/tfjs-node-gpu/dist/run_tests.js'), 'utf8');
  const list = /var IGNORE_LIST = (\[[\s\S]*?\n\]);/.exec(source)?.[1];
  if (list === undefined) throw new Error('tfjs-node no longer says which tests it leaves out');
  return runInNewContext(list) as string[];
}
