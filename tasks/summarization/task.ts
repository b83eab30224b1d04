/** Summarization: a document in, a short text out; the paper's Table 6. */
import type { Metric } from '../contract.js';

const metric = (name: string, title: string): Metric => ({ name, title, unit: 'fraction', better: 'higher' });

export const summarization = {
  name: 'summarization',
  title: 'Summarization',
  metrics: [
    metric('rouge1', 'ROUGE-1'),
    metric('rouge2', 'ROUGE-2'),
    metric('rougeL', 'ROUGE-L of the whole text'),
    metric('rougeLsum', 'ROUGE-L of the summary, sentence by sentence'),
  ],
} as const;
