/**
 * How tokens become one global vector: the paper argues that additive attention is what makes Fastformer good, and never
 * compares it with something simpler. So there are no published values here.
 */
import { ablation, howToReadAblation, inBothMetrics } from './ablation.js';

const row = (pooling: string, title: string) => ({
  key: pooling,
  architecture: 'fastformer',
  title,
  options: { pooling },
});

export const poolingTable = ablation({
  name: 'pooling',
  title: 'How tokens become one global vector',
  where: 'Section 3.1; not measured in the paper',
  rows: [
    row('additive', 'Additive attention'),
    row('mean', 'Mean (beyond the paper)'),
    row('max', 'Maximum (beyond the paper)'),
  ],
  whole: null,
  printed: {},
  howToRead: howToReadAblation,
  caveats: [
    'The paper motivates additive attention by what it can pick out of a long text, and prints no comparison with a mean or a maximum. Its claim is tested here on our numbers alone.',
  ],
  claims: [
    ...inBothMetrics({ text: 'Additive pooling is better than a mean', better: 'additive', worse: 'mean' }),
    ...inBothMetrics({ text: 'Additive pooling is better than a maximum', better: 'additive', worse: 'max' }),
  ],
});
