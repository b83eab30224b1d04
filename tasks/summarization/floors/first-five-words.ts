/** The first five words of the document: about as long as a subject. */
import type { SummaryFloor } from './contract.js';

export const firstFiveWords: SummaryFloor = {
  name: 'first-five-words',
  title: 'First five words',
  fit:
    () =>
    ({ document }) => [document.join(' ').split(' ').slice(0, 5).join(' ')],
};
