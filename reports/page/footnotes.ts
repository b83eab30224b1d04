/** Where the implementations of a table differ from their papers. */
import { architectureTitle, deviationsOf } from '../catalogue.js';

export const footnotesOf = (names: readonly string[]) =>
  [...new Set(names)]
    .map((name) => ({ title: architectureTitle(name), deviations: deviationsOf(name) }))
    .filter(({ deviations }) => deviations.length > 0);
