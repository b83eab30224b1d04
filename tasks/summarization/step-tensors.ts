/** What the decoder's steps hand on, as tensors by name: a compiled step takes and gives a flat record. */
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { DecoderCache, DecoderMemory } from '../../architectures/decoder.js';

type Named = Readonly<Record<string, Tensor>>;

/** Tensors of each layer. */
type Layers = readonly (readonly Tensor[])[];

export function packMemory({ layers, mask }: DecoderMemory, pointerKeys: Tensor3D | null): Named {
  const pairs = layers.map(({ keys, values }) => [keys, values]);
  return { mask, ...(pointerKeys === null ? {} : { pointerKeys }), ...packLayers('memory', pairs) };
}

export function unpackMemory(named: Named): {
  readonly decoder: DecoderMemory;
  readonly pointerKeys: Tensor3D | null;
} {
  const layers = unpackLayers('memory', named).map((pair) => {
    const [keys, values] = pair as readonly [Tensor3D, Tensor3D];
    return { keys, values };
  });
  return {
    decoder: { layers, mask: named['mask'] as Tensor2D },
    pointerKeys: (named['pointerKeys'] ?? null) as Tensor3D | null,
  };
}

export const packCache = (cache: DecoderCache): Named => packLayers('cache', cache);
export const unpackCache = (named: Named): DecoderCache => unpackLayers('cache', named);

const packLayers = (name: string, layers: Layers): Named =>
  Object.fromEntries(
    layers.flatMap((tensors, layer) => tensors.map((tensor, i) => [nameOf(name, layer, i), tensor])),
  );

function unpackLayers(name: string, named: Named): Layers {
  const layers: Tensor[][] = [];
  for (let layer = 0; named[nameOf(name, layer, 0)] !== undefined; layer++) {
    const tensors: Tensor[] = [];
    for (let i = 0; ; i++) {
      const tensor = named[nameOf(name, layer, i)];
      if (tensor === undefined) break;
      tensors.push(tensor);
    }
    layers.push(tensors);
  }
  return layers;
}

const nameOf = (name: string, layer: number, i: number): string => `${name}_${layer}_${i}`;
