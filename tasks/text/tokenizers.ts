/** The tokenizers by the name that cells and records give them. */
import {
  lowerCaseWordPunctuation,
  type Tokenizer,
  type TokenizerName,
  whitespaceTokens,
} from './tokenize.js';
import { treebankWords } from './treebank.js';

export const tokenizers: Readonly<Record<TokenizerName, Tokenizer>> = {
  'word-punctuation': lowerCaseWordPunctuation,
  treebank: (text) => treebankWords(text.toLowerCase()),
  whitespace: whitespaceTokens,
};
