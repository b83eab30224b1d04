/** The `package.json` of the published package, from the one of the repository. */
import { z } from 'zod';

/** The package of the native backend, whose install script downloads hundreds of megabytes. */
const nativePackage = '@tensorflow/tfjs-node-gpu';

/** Where the published package has its type declarations. */
export const typesFolder = 'types';

const repositoryOnly = new Set(['scripts', 'devDependencies']);

const manifestSchema = z.looseObject({
  files: z.array(z.string()),
  exports: z.looseObject({ '.': z.string() }),
  optionalDependencies: z.looseObject({ [nativePackage]: z.string() }),
  peerDependencies: z.record(z.string(), z.string()).optional(),
  peerDependenciesMeta: z.record(z.string(), z.looseObject({})).optional(),
});

/**
 * Leaves out what only the repository needs, makes the native package an optional peer (npm does not install it, and
 * shows the one that a project has), and points TypeScript to declarations.
 * @throws ZodError when the manifest has no native package among its optional dependencies, or no entry
 */
export function manifestForPublishing(manifest: unknown): Record<string, unknown> {
  const { optionalDependencies, ...rest } = manifestSchema.parse(manifest);
  const kept = Object.entries(rest).filter(([field]) => !repositoryOnly.has(field));
  const entry = rest.exports['.'];
  const types = entry.replace(/^\.\/(.*)\.ts$/, `./${typesFolder}/$1.d.ts`);
  const { [nativePackage]: native, ...optional } = optionalDependencies;
  return {
    ...Object.fromEntries(kept),
    files: [...rest.files, typesFolder],
    exports: { ...rest.exports, '.': { types, default: entry } },
    optionalDependencies: optional,
    peerDependencies: { ...rest.peerDependencies, [nativePackage]: native },
    peerDependenciesMeta: { ...rest.peerDependenciesMeta, [nativePackage]: { optional: true } },
  };
}
