/** The first sentences of the document: news tell the most important first. */
import type { SummaryFloor } from './contract.js';

export const lead = (sentences: number): SummaryFloor => ({
  name: `lead-${sentences}`,
  title: sentences === 1 ? 'First sentence' : `First ${sentences} sentences`,
  fit:
    () =>
    ({ document }) =>
      document.slice(0, sentences),
});
