/** What a floor is: a summary by a rule, which a model should pass, or for the oracle what no extract passes. */
import type { SummaryPair } from '../../datasets/pair-contract.js';
import type { PairData } from '../data.js';

export interface SummaryFloor {
  /** Lower case with dashes: what the command line and the records say. */
  readonly name: string;
  readonly title: string;
  /**
   * @param seed - of what is drawn
   * @returns writes the sentences of a summary
   */
  fit(data: PairData, seed: number): (pair: SummaryPair) => readonly string[];
}
