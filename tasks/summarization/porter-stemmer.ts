/**
 * Porter's stemmer (M. F. Porter, An algorithm for suffix stripping, Program 14(3), 1980) with the changes that NLTK
 * makes by default (`PorterStemmer.NLTK_EXTENSIONS`), which ROUGE is computed with.
 *
 * A word is [C](VC)^m[V], C and V being runs of consonants and vowels; m is its measure. Each step tries its suffixes
 * in order and stops at the first that the word ends in: if what is before it (the stem) meets the rule's condition,
 * the suffix is replaced, else the word stays. `y` is a vowel after a consonant; whatever is not a, e, i, o, u, y is
 * a consonant, digits and accented letters too.
 */

type Condition = (stem: string) => boolean;
type Rule = readonly [suffix: string, replacement: string, condition: Condition];

/** The stem of one word, in lower case. */
export function porterStem(word: string): string {
  const lower = word.toLowerCase();
  const irregular = irregularStems.get(lower);
  if (irregular !== undefined) return irregular;
  if (Array.from(word).length <= 2) return lower;
  return steps.reduce((text, step) => step(text), lower);
}

/** Words that the rules would spoil: each stem with what it stands for. NLTK's. */
const irregularStems: ReadonlyMap<string, string> = new Map(
  Object.entries({
    sky: ['sky', 'skies'],
    die: ['dying'],
    lie: ['lying'],
    tie: ['tying'],
    news: ['news'],
    inning: ['innings', 'inning'],
    outing: ['outings', 'outing'],
    canning: ['cannings', 'canning'],
    howe: ['howe'],
    proceed: ['proceed'],
    exceed: ['exceed'],
    succeed: ['succeed'],
  }).flatMap(([stem, words]) => words.map((word) => [word, stem] as const)),
);

const always: Condition = () => true;
const measureAbove =
  (least: number): Condition =>
  (stem) =>
    measure(stem) > least;
const hasVowel: Condition = (stem) => letterKinds(stem).includes('v');

const pluralRules: readonly Rule[] = [
  ['sses', 'ss', always],
  ['ies', 'i', always],
  ['ss', 'ss', always],
  ['s', '', always],
];

const derivationRules: readonly Rule[] = [
  ...rules(
    measureAbove(0),
    'ational>ate tional>tion enci>ence anci>ance izer>ize bli>ble alli>al entli>ent eli>e ousli>ous ization>ize',
    'ation>ate ator>ate alism>al iveness>ive fulness>ful ousness>ous aliti>al iviti>ive biliti>ble fulli>ful',
  ),
  // NLTK measures with the l of `logi`, which the rule keeps: `geol` has a measure of 1, `geo` of 0.
  ['logi', 'log', (stem) => measure(`${stem}l`) > 0],
];

const adjectiveRules = rules(measureAbove(0), 'icate>ic ative> alize>al iciti>ic ical>ic ful> ness>');

const endingRules: readonly Rule[] = [
  ...rules(measureAbove(1), 'al> ance> ence> er> ic> able> ible> ant> ement> ment> ent>'),
  ['ion', '', (stem) => measure(stem) > 1 && /[st]$/.test(stem)],
  ...rules(measureAbove(1), 'ou> ism> ate> iti> ous> ive> ize>'),
];

/** In Porter's order: 1a, 1b, 1c, 2, 3, 4, 5a, 5b. */
const steps: readonly ((word: string) => string)[] = [
  withoutPlural,
  withoutPast,
  (word) => apply([['y', 'i', (stem) => stem.length > 1 && letterKinds(stem).endsWith('c')]], word),
  withoutDerivation,
  (word) => apply(adjectiveRules, word),
  (word) => apply(endingRules, word),
  (word) => apply([['e', '', dropsE]], word),
  (word) => apply([['ll', 'l', (stem) => measure(`${stem}l`) > 1]], word),
];

/** caresses -> caress, ponies -> poni, cats -> cat; NLTK's own: flies -> fli, but dies -> die. */
function withoutPlural(word: string): string {
  return word.length === 4 && word.endsWith('ies') ? word.slice(0, -1) : apply(pluralRules, word);
}

/** agreed -> agree, hoping -> hope, hopping -> hop; NLTK's own: spied -> spi, but died -> die. */
function withoutPast(word: string): string {
  if (word.endsWith('ied')) return word.slice(0, word.length === 4 ? -1 : -2);
  if (word.endsWith('eed')) return apply([['eed', 'ee', measureAbove(0)]], word);
  const stem = word.replace(/(?:ed|ing)$/, '');
  if (stem === word || !hasVowel(stem)) return word;
  if (/(?:at|bl|iz)$/.test(stem)) return `${stem}e`;
  if (endsInDoubleConsonant(stem)) return /[lsz]$/.test(stem) ? stem : stem.slice(0, -1);
  return measure(stem) === 1 && endsInShortSyllable(stem) ? `${stem}e` : stem;
}

/** relational -> relate. NLTK goes on after `alli`: rationalli -> rational -> ration. */
function withoutDerivation(word: string): string {
  if (word.endsWith('alli') && measure(word.slice(0, -4)) > 0) return withoutDerivation(word.slice(0, -2));
  return apply(derivationRules, word);
}

/** probate -> probat, cease -> ceas; rate stays. */
function dropsE(stem: string): boolean {
  const size = measure(stem);
  return size > 1 || (size === 1 && !endsInShortSyllable(stem));
}

function apply(list: readonly Rule[], word: string): string {
  const rule = list.find(([suffix]) => word.endsWith(suffix));
  if (rule === undefined) return word;
  const [suffix, replacement, condition] = rule;
  const stem = word.slice(0, word.length - suffix.length);
  return condition(stem) ? stem + replacement : word;
}

/** Rules of one condition, written `suffix>replacement`. */
function rules(condition: Condition, ...lines: readonly string[]): Rule[] {
  return lines
    .join(' ')
    .split(' ')
    .map((text) => {
      const [suffix = '', replacement = ''] = text.split('>');
      return [suffix, replacement, condition];
    });
}

/** m: how often a vowel is followed by a consonant. */
function measure(word: string): number {
  return letterKinds(word).split('vc').length - 1;
}

/** `c` or `v` for each letter: `toy` is `cvc`, `syzygy` is `cvcvcv`. */
function letterKinds(word: string): string {
  let kinds = '';
  for (let i = 0; i < word.length; i++) {
    const letter = word.charAt(i);
    const vowel = letter === 'y' ? kinds.endsWith('c') : 'aeiou'.includes(letter);
    kinds += vowel ? 'v' : 'c';
  }
  return kinds;
}

function endsInDoubleConsonant(word: string): boolean {
  return word.length >= 2 && word.at(-1) === word.at(-2) && letterKinds(word).endsWith('c');
}

/** Consonant, vowel, consonant other than w, x, y; for NLTK also the whole of a word such as `at`. */
function endsInShortSyllable(word: string): boolean {
  const kinds = letterKinds(word);
  return kinds === 'vc' || (kinds.endsWith('cvc') && !/[wxy]$/.test(word));
}
