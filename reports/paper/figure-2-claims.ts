/** What section 4.3 says of figure 2, as comparisons that records can judge. */
import type { SpeedClaim, SpeedMode, Variant } from './contract.js';
import { baselines } from './transformers.js';

const modes: readonly SpeedMode[] = ['inference', 'training'];

/** Of linear cost, beside Fastformer and Poolingformer. */
const linear: readonly (Variant & { readonly title: string })[] = [
  { architecture: 'longformer', title: 'Longformer' },
  { architecture: 'bigbird', title: 'BigBird' },
  { architecture: 'linformer', title: 'Linformer' },
  { architecture: 'linear', title: 'the Linear Transformer' },
];

const [sliced, textbook] = baselines;
const fastformer: Variant = { architecture: 'fastformer' };
const poolingformer: Variant = { architecture: 'poolingformer' };

const sentences: readonly Omit<SpeedClaim, 'mode'>[] = [
  {
    text: 'Fastformer is faster than the Transformer',
    from: 512,
    faster: [fastformer],
    slower: [sliced],
  },
  {
    text: 'Fastformer is faster than the Transformer with textbook attention',
    from: 512,
    faster: [fastformer],
    slower: [textbook],
  },
  ...[...linear, { ...poolingformer, title: 'Poolingformer' }].map(({ title, ...other }) => ({
    text: `Fastformer is faster than ${title}`,
    from: 1,
    faster: [fastformer],
    slower: [other],
  })),
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
