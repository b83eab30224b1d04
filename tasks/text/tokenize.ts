/**
 * Texts into tokens. Each rule is a named function from text to tokens, so that a model can say which one it used.
 */

export type Tokenizer = (text: string) => string[];

/** The rules that a cell can name; `tokenizers.ts` has them. */
export const tokenizerNames = ['word-punctuation', 'treebank', 'whitespace'] as const;
export type TokenizerName = (typeof tokenizerNames)[number];

/*
 * Python's Unicode classes, which the reference tokenizers were written for: in JavaScript `\w` is ASCII only, and
 * `\s` differs in a few control characters.
 */
export const word = String.raw`\p{L}\p{N}_`;
const space = String.raw`\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;

const wordsAndPunctuation = new RegExp(`[${word}]+|[^${word}${space}]+`, 'gu');
/** Single blanks, nearly all of the white space there is, are left alone: this halves the time. */
const spaceToCollapse = new RegExp(`[${space}]{2,}|(?! )[${space}]`, 'g');
const betweenSpace = new RegExp(`[^${space}]+`, 'g');
const anythingButSpace = new RegExp(`[^${space}]`);

/**
 * Runs of letters, digits and underscores, and runs of what else is not white space: NLTK's `wordpunct_tokenize`,
 * `\w+|[^\w\s]+`. Case is kept.
 */
export const wordPunctuation: Tokenizer = (text) => text.match(wordsAndPunctuation) ?? [];

/** The tokens of the classification models: `wordPunctuation` of the text in lower case. */
export const lowerCaseWordPunctuation: Tokenizer = (text) => wordPunctuation(text.toLowerCase());

/** What stands between white space: for formal languages whose tokens are written apart. */
export const whitespaceTokens: Tokenizer = (text) => text.match(betweenSpace) ?? [];

/** Lower case, every run of white space one blank: two texts with the same normal form count as the same text. */
export function normalise(text: string): string {
  return text.toLowerCase().replace(spaceToCollapse, ' ').trim();
}

/** False for a text of white space only: it has no token. */
export const hasTokens = (text: string): boolean => anythingButSpace.test(text);
