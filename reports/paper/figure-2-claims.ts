/** What section 4.3 says of figure 2, as comparisons that records can judge. */
import type { SpeedClaim, SpeedMode, Variant } from './contract.js';
import { fastformers, transformers } from './textbook-forms.js';

const modes: readonly SpeedMode[] = ['inference', 'training'];

/** Of linear cost, beside Fastformer and Poolingformer. */
const linear: readonly (Variant & { readonly title: string })[] = [
  { architecture: 'longformer', title: 'Longformer' },
  { architecture: 'bigbird', title: 'BigBird' },
  { architecture: 'linformer', title: 'Linformer' },
  { architecture: 'linear', title: 'the Linear Transformer' },
];

const poolingformer: Variant = { architecture: 'poolingformer' };

/** Who is slower than Fastformer, and from which length on. */
const slower: readonly { readonly title: string; readonly from: number; readonly variant: Variant }[] = [
  { title: 'the Transformer', from: 512, variant: transformers[0] },
  { title: 'the Transformer with textbook attention', from: 512, variant: transformers[1] },
  ...linear.map(({ title, architecture }) => ({ title, from: 1, variant: { architecture } })),
  { title: 'Poolingformer', from: 1, variant: poolingformer },
];

const sentences: readonly Omit<SpeedClaim, 'mode'>[] = [
  ...fastformers.flatMap((fastformer, form) =>
    slower.map(({ title, from, variant }) => ({
      text: `Fastformer${form === 0 ? '' : ' as published'} is faster than ${title}`,
      from,
      faster: [fastformer],
      slower: [variant],
    })),
  ),
  {
    text: 'Poolingformer is slower than the other architectures of linear cost',
    from: 1,
    faster: linear,
    slower: [poolingformer],
  },
];

export const figure2Claims: readonly SpeedClaim[] = sentences.flatMap((sentence) =>
  modes.map((mode) => ({ ...sentence, mode })),
);
