/** Candidates in a random order: AUC one half. */
import { stream, uniform } from '../../../architectures/random.js';
import type { Floor } from './contract.js';

export const randomOrder: Floor = {
  name: 'random-order',
  title: 'Random order',
  fit:
    (_data, seed) =>
    ({ id, candidates }) => {
      const random = stream(seed, 'floor', id);
      return Array.from(candidates, () => uniform(random));
    },
};
