/** The `package.json` of the published package, from the one of the repository. */
import { z } from 'zod';

/** A package of the native backend whose install script downloads hundreds of megabytes. */
const nativePackage = '@tensorflow/tfjs-node-gpu';

const manifestSchema = z.looseObject({
  optionalDependencies: z.record(z.string(), z.string()),
  peerDependencies: z.record(z.string(), z.string()).optional(),
});

/**
 * Leaves out what only the repository needs, and makes the native package an optional peer: npm does not install it,
 * and uses the one that a project has.
 * @throws ZodError when the manifest has no optional dependencies
 */
export function manifestForPublishing(manifest: unknown): Record<string, unknown> {
  const { optionalDependencies, peerDependencies, scripts, devDependencies, ...kept } =
    manifestSchema.parse(manifest);
  const { [nativePackage]: range, ...otherOptional } = optionalDependencies;
  if (range === undefined) throw new Error(`package.json has no optional dependency ${nativePackage}`);
  return {
    ...kept,
    ...(Object.keys(otherOptional).length === 0 ? {} : { optionalDependencies: otherOptional }),
    peerDependencies: { ...peerDependencies, [nativePackage]: range },
    peerDependenciesMeta: { [nativePackage]: { optional: true } },
  };
}
