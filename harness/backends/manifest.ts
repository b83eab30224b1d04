/**
 * What an installed native backend consists of: a manifest beside its folder, with size and sha256 of every file.
 *
 * The manifest is renamed into place when the folder is complete, so an installation is either whole or not there.
 */
import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { installationKey, installationsFolder, type Variant } from './places.js';

/** A path inside the installation's folder: it cannot climb out of it. */
const insidePath = z
  .string()
  .regex(/^[^/\\]/)
  .refine((path) => !path.split(/[/\\]/).includes('..'), 'climbs out of the folder');

const fileSchema = z.strictObject({
  path: insidePath,
  bytes: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

export const manifestSchema = z.strictObject({
  schema: z.literal(1),
  key: z.string(),
  variant: z.enum(['cpu', 'gpu']),
  /** From a Python wheel, or by tfjs-node's own installer. */
  origin: z.enum(['wheel', 'official']),
  /** Version of the library, as it says itself. */
  tensorflow: z.string(),
  installedAt: z.iso.datetime(),
  /** The name of the folder beside the manifest. */
  folder: z.string().regex(/^[\w.-]+$/),
  /** The compiled binding. */
  binding: insidePath,
  /** The folder of the JavaScript side. */
  javascript: insidePath,
  files: z.array(fileSchema).min(1),
});
export type Manifest = z.infer<typeof manifestSchema>;
export type InstalledFile = z.infer<typeof fileSchema>;

/** Whether a native backend can be used. */
export type Installation =
  | { readonly state: 'whole'; readonly manifest: Manifest; readonly root: string }
  | { readonly state: 'absent' }
  | { readonly state: 'broken'; readonly problem: string };

export const manifestPath = (variant: Variant): string =>
  join(installationsFolder(), `${installationKey(variant)}.json`);

/** Cheap: reads the manifest and compares the size of each file. */
export function findInstallation(variant: Variant): Installation {
  const manifest = readManifest(manifestPath(variant));
  if (manifest === null) return { state: 'absent' };
  if (typeof manifest === 'string') return { state: 'broken', problem: manifest };
  const root = join(installationsFolder(), manifest.folder);
  for (const file of manifest.files) {
    const bytes = statSync(join(root, file.path), { throwIfNoEntry: false })?.size;
    if (bytes === undefined) return { state: 'broken', problem: `${join(root, file.path)} is missing` };
    if (bytes !== file.bytes) {
      return {
        state: 'broken',
        problem: `${join(root, file.path)} has ${bytes} bytes, expected ${file.bytes}`,
      };
    }
  }
  return { state: 'whole', manifest, root };
}

/** The manifest; null when there is none; a text when it cannot be used. */
export function readManifest(path: string): Manifest | string | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? null : `${path} cannot be read`;
  }
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch {
    return `${path} is not a manifest of this version`;
  }
}

/** Reads every byte. The path of the first file that is not what was installed, or null. */
export async function findCorruptFile(root: string, files: readonly InstalledFile[]): Promise<string | null> {
  for (const file of files) {
    if ((await sha256(join(root, file.path))) !== file.sha256) return join(root, file.path);
  }
  return null;
}

/** Lists all files below a folder with size and sha256, sorted by path. */
export async function describeFiles(root: string): Promise<InstalledFile[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files: InstalledFile[] = [];
  for (const path of paths.toSorted()) {
    const { size } = await stat(path);
    files.push({ path: relative(root, path).split(sep).join('/'), bytes: size, sha256: await sha256(path) });
  }
  return files;
}

export async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}
