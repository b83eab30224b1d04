/** What a floor is: a ranking that a recommender should pass, computed without training a network. */
import type { RecommendationData } from '../data.js';
import type { Impression } from '../mind/behaviors.js';

/** Scores the candidates of an impression, higher is better. */
export type Ranker = (impression: Impression) => number[];

export interface Floor {
  /** Lower case with dashes: what the command line and the records say. */
  readonly name: string;
  readonly title: string;
  /**
   * Learns from everything before the scored impressions: it chooses no epoch, so the validation part counts too.
   * @param seed - of what is drawn
   */
  fit(data: RecommendationData, seed: number): Ranker;
}
