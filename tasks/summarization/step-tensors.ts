/** What the decoder's steps hand on, as tensors by name: a compiled step takes and gives a flat record. */
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { DecoderCache, DecoderMemory } from '../../architectures/decoder.js';

type Named = Readonly<Record<string, Tensor>>;

export function packMemory({ layers, mask }: DecoderMemory, pointerKeys: Tensor3D | null): Named {
  return { mask, ...(pointerKeys === null ? {} : { pointerKeys }), ...packLayers('memory', layers) };
}

export function unpackMemory(named: Named): {
  readonly decoder: DecoderMemory;
  readonly pointerKeys: Tensor3D | null;
} {
  return {
    decoder: { layers: unpackLayers('memory', named), mask: named['mask'] as Tensor2D },
    pointerKeys: (named['pointerKeys'] ?? null) as Tensor3D | null,
  };
}

export const packCache = (cache: DecoderCache): Named => packLayers('cache', cache);
export const unpackCache = (named: Named): DecoderCache => unpackLayers('cache', named);

const packLayers = (name: string, layers: DecoderCache): Named =>
  Object.fromEntries(
    layers.flatMap(({ keys, values }, i) => [
      [`${name}Keys${i}`, keys],
      [`${name}Values${i}`, values],
    ]),
  );

function unpackLayers(name: string, named: Named): DecoderCache {
  const layers: { keys: Tensor3D; values: Tensor3D }[] = [];
  for (let i = 0; named[`${name}Keys${i}`] !== undefined; i++)
    layers.push({
      keys: named[`${name}Keys${i}`] as Tensor3D,
      values: named[`${name}Values${i}`] as Tensor3D,
    });
  return layers;
}
