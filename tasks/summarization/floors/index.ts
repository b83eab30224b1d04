/** The catalogue of floors, weakest first; the oracle is a ceiling of extracts. */
import type { SummaryFloor } from './contract.js';
import { firstFiveWords } from './first-five-words.js';
import { lead } from './lead.js';
import { oracleExtract } from './oracle-extract.js';
import { randomSentences } from './random-sentences.js';

export const summaryFloors: readonly SummaryFloor[] = [
  randomSentences,
  firstFiveWords,
  lead(1),
  lead(3),
  lead(10),
  oracleExtract,
];
