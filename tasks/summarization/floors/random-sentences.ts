/** As many random sentences as the training summaries have on average, in the document's order. */
import { permutation } from '../../../architectures/random.js';
import type { SummaryFloor } from './contract.js';

export const randomSentences: SummaryFloor = {
  name: 'random-sentences',
  title: 'Random sentences',
  fit: ({ train }, seed) => {
    const mean = train.reduce((sum, { summary }) => sum + summary.length, 0) / train.length;
    return ({ id, document }) => {
      const chosen = new Set(permutation(document.length, seed, 'floor', id).slice(0, Math.round(mean)));
      return document.filter((_, i) => chosen.has(i));
    };
  },
};
