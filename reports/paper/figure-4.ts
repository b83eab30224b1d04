/**
 * Figure 4: which weights are shared. The numbers are those on the bars, with the captions of the panels put right.
 */
import {
  ablation,
  howToReadAblation,
  inBothMetrics,
  noDeviations,
  similar,
  swappedCaptions,
} from './ablation.js';

const architecture = 'fastformer';

export const figure4 = ablation({
  name: 'figure-4',
  title: 'Which weights are shared',
  where: 'Figure 4, section 4.5',
  rows: [
    { key: 'none', architecture, title: 'No sharing', options: { shareQueryValue: false } },
    { key: 'query-value', architecture, title: 'Query-value' },
    { key: 'query-value-heads', architecture, title: 'Query-value, heads', options: { shareHeads: true } },
    {
      key: 'query-value-layers',
      architecture,
      title: 'Query-value, layers (the paper’s Fastformer)',
      encoder: { shareLayers: true },
    },
  ],
  whole: 'query-value-layers',
  printed: {
    none: { Amazon: [65.87, 42.76], IMDB: [53.56, 44.13], MIND: [82.13, 63.52] },
    'query-value': { Amazon: [65.92, 42.98], IMDB: [53.77, 44.25], MIND: [82.1, 63.57] },
    'query-value-heads': { Amazon: [65.63, 42.43], IMDB: [53.42, 43.67], MIND: [81.76, 62.32] },
  },
  howToRead: [
    ...howToReadAblation,
    '“No worse” is supported when the whole tested interval lies above half a point below, about one published standard deviation; it is contradicted when it lies below that.',
  ],
  caveats: [
    swappedCaptions,
    noDeviations,
    'The paper’s Fastformer shares query and value, and all layers. The official code does not share layers; that is the default here, the row “Query-value”. With one layer the two are the same model.',
    'The paper does not say which weights heads share; here the score vectors and the transform.',
  ],
  claims: [
    ...inBothMetrics({
      text: 'Sharing query and value is no worse than sharing nothing',
      better: 'query-value',
      worse: 'none',
      margin: similar,
    }),
    ...inBothMetrics({
      text: 'Sharing heads too is worse than sharing query and value alone',
      better: 'query-value',
      worse: 'query-value-heads',
    }),
    ...inBothMetrics({
      text: 'Sharing layers too is no worse than sharing query and value alone',
      better: 'query-value-layers',
      worse: 'query-value',
      margin: similar,
    }),
    ...inBothMetrics({
      text: 'Sharing layers too is better than sharing query and value alone',
      better: 'query-value-layers',
      worse: 'query-value',
    }),
  ],
});
