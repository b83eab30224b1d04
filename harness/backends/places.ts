/** Where native backends are installed: the user's cache, which survives `npm ci` and is shared by all projects. */
import envPaths from 'env-paths';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

/** The compiled binding speaks Node-API, so one binding serves every version of Node.js that has this version. */
export const nodeApiVersion = 8;
/** Of the JavaScript side, `@tensorflow/tfjs-node-gpu`. */
export const tfjsVersion = '4.22.0';
/** Of the library that is installed from a Python wheel. */
export const tensorflowVersion = '2.21.0';

/** Which library: for the processor, or for an NVIDIA GPU. */
export type Variant = 'cpu' | 'gpu';

/** `FORMERBENCH_CACHE`, or the place that the operating system has for caches. */
export function cacheFolder(): string {
  const chosen = process.env['FORMERBENCH_CACHE'];
  return chosen === undefined || chosen === '' ? envPaths('formerbench').cache : resolve(chosen);
}

/** Holds a manifest `KEY.json` and a folder for each installed backend. */
export const installationsFolder = (): string => join(cacheFolder(), 'backends');

/** The name of an installation: all that makes one library differ from another. */
export const installationKey = (variant: Variant): string =>
  `tensorflow-${variant}-tfjs-${tfjsVersion}-${process.platform}-${process.arch}-napi${nodeApiVersion}`;

/** The folder of a package that this one can see, or null. */
export function packageFolder(name: string): string | null {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  } catch {
    return null;
  }
}
