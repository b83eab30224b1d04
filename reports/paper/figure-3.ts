/**
 * Figure 3: how the global query meets each key, and the global key each value. The numbers are those on the bars, with
 * the captions of the panels put right.
 */
import { ablation, howToReadAblation, inBothMetrics, noDeviations, swappedCaptions } from './ablation.js';

const row = (interaction: string, title: string) => ({
  key: interaction,
  architecture: 'fastformer',
  title,
  options: { interaction },
});

export const figure3 = ablation({
  name: 'figure-3',
  title: 'How global and local meet: interaction functions',
  where: 'Figure 3, section 4.4',
  rows: [
    row('concatenate', 'Concatenation'),
    row('add', 'Add'),
    row('product', 'Element-wise product'),
    row('mlp', 'MLP (beyond the paper)'),
    row('gated', 'Gated (beyond the paper)'),
  ],
  whole: 'product',
  printed: {
    concatenate: { Amazon: [64.47, 40.87], IMDB: [52.44, 42.33], MIND: [80.57, 60.46] },
    add: { Amazon: [65.22, 41.89], IMDB: [52.99, 42.99], MIND: [81.34, 62.12] },
  },
  howToRead: howToReadAblation,
  caveats: [
    swappedCaptions,
    noDeviations,
    'The paper does not say how the concatenated vector is brought back to its width; here by a dense layer. MLP (two dense layers) and gated (a learned mix) are not in the paper.',
  ],
  claims: [
    ...inBothMetrics({ text: 'Product is better than add', better: 'product', worse: 'add' }),
    ...inBothMetrics({ text: 'Add is better than concatenation', better: 'add', worse: 'concatenate' }),
    ...inBothMetrics({
      text: 'Product is better than concatenation',
      better: 'product',
      worse: 'concatenate',
    }),
  ],
});
