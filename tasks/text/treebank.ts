/**
 * Penn Treebank tokens as NLTK's `word_tokenize` has them, which the paper used: punctuation apart, `don't` as `do` and
 * `n't`, straight double quotes as pairs of backquotes or apostrophes.
 *
 * The rules put blanks round what is a token, one rule after another, each on what the last one left; the text is then
 * cut at white space. Only a text's last period is a token of its own, so a text is cut into sentences first. NLTK has a
 * trained sentence splitter; here it is the Unicode one of `Intl.Segmenter`, which also ends a sentence after some
 * abbreviations.
 */
import { type Tokenizer, whitespaceTokens, word } from './tokenize.js';

const sentences = new Intl.Segmenter('en', { granularity: 'sentence' });

/** Sentence by sentence: `word_tokenize`. Case is kept. */
export const treebankWords: Tokenizer = (text) =>
  [...sentences.segment(text)].flatMap(({ segment }) => treebankSentence(segment));

/** The tokens of one sentence: `NLTKWordTokenizer().tokenize` of NLTK 3.10. Case is kept. */
export const treebankSentence: Tokenizer = (sentence) => {
  const quoted = anyQuote.test(sentence);
  const punctuated = apply(punctuation, quoted ? apply(openingQuotes, sentence) : sentence);
  const padded = ` ${punctuated} `;
  const apart = quoted ? apply(closingQuotes, padded) : padded;
  return whitespaceTokens(joined.test(apart) ? apply(contractions, apart) : apart);
};

type Rule = readonly [pattern: RegExp, replacement: string];

const apply = (rules: readonly Rule[], text: string): string =>
  rules.reduce((changed, [pattern, replacement]) => changed.replace(pattern, replacement), text);

/** What the rules take for white space; the cut into tokens takes the control characters 1c to 1f as well. */
const space = String.raw`\t-\r\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;
/** Python's `\b`, which knows the letters of every script. */
const edge = `(?:(?<=[${word}])(?![${word}])|(?<![${word}])(?=[${word}]))`;
const around = ' $& ';

/** Without one of these the rules of quotes change nothing. */
const anyQuote = /["'`«»“”‘’„]/u;

const openingQuotes: readonly Rule[] = [
  [/[«“‘„]|`+/gu, around],
  [/^"/u, '``'],
  [/``/gu, around],
  [/([ ([{<])(?:"|'{2})/gu, '$1 `` '],
  // An apostrophe that opens a quotation or stands for dropped letters, but is not the start of a clitic.
  [new RegExp(`'(?<![${word}]')(?!(?:re|ve|ll|m|t|s|d|n)${edge})(?=[${word}])`, 'giu'), "' "],
];

const punctuation: readonly Rule[] = [
  // The period that ends the text, and the quotes and brackets after it. The lookahead takes them all at once: nothing
  // is tried twice, so a long run of blanks costs no more than its length.
  [new RegExp(`([^.])\\.(?=([\\])}>"'»”’ ]*))\\2[${space}]*$`, 'gu'), '$1 . $2 '],
  [/([:,])(\P{Nd})/gu, ' $1 $2'],
  [/[:,]$/gu, around],
  [/\.{2,}/gu, around],
  [/[;@#$%&]/gu, around],
  [/[\u2012-\u2015]/gu, around],
  [new RegExp(`([^.])\\.(?=([\\])}>"']*))\\2[${space}]*$`, 'gu'), '$1 .$2 '],
  [/[?!]/gu, around],
  [/([^'])' /gu, "$1 ' "],
  [/\*/gu, around],
  [/[\][(){}<>]/gu, around],
  [/--/gu, ' -- '],
];

const closingQuotes: readonly Rule[] = [
  [/[»”’]/gu, around],
  [/''/gu, around],
  [/"/gu, " '' "],
  [new RegExp(`[${space}]+`, 'gu'), ' '],
  [/([^' ])('[sSmMdD]|') /gu, '$1 $2 '],
  [/([^' ])('ll|'LL|'re|'RE|'ve|'VE|n't|N'T) /gu, '$1 $2 '],
];

/** Two words written as one: `cannot`, `gonna`, `'tis`. */
const joinedWords: readonly (readonly [first: string, second: string])[] = [
  ['can', 'not'],
  ['d', "'ye"],
  ['gim', 'me'],
  ['gon', 'na'],
  ['got', 'ta'],
  ['lem', 'me'],
  ['more', "'n"],
];

const contractions: readonly Rule[] = [
  ...joinedWords.map(
    ([first, second]): Rule => [new RegExp(`${edge}(${first})(${second})${edge}`, 'giu'), ' $1 $2 '],
  ),
  [new RegExp(`${edge}(wan)(na)(?=[${space}\\x1c-\\x1f])`, 'giu'), ' $1 $2 '],
  ...['is', 'was'].map((verb): Rule => [new RegExp(` ('t)(${verb})${edge}`, 'giu'), ' $1 $2 ']),
];
/** Few texts have one, and to look for each costs as much as all other rules. */
const joined = /cannot|d'ye|gimme|gonna|gotta|lemme|more'n|wanna|'ti[sſ]|'twa[sſ]/iu;
