/**
 * Texts as sentences, by rule: a sentence ends at `.`, `!` or `?`, with closing quotes and brackets, before white space
 * and what can begin another one; a blank line ends one too. Known short forms and initials end none.
 */

const shortForms = new Set(
  'mr mrs ms dr prof rev gen col lt sgt capt gov sen rep st jr sr no vs etc inc ltd co corp fig e.g i.e jan feb mar apr jun jul aug sept sep oct nov dec'.split(
    ' ',
  ),
);

/** In their order, white space made single spaces; none of an empty text. */
export function splitSentences(text: string): string[] {
  return text
    .split(/\n[ \t]*\n/)
    .flatMap((paragraph) => splitParagraph(paragraph.replace(/\s+/g, ' ').trim()))
    .filter((sentence) => sentence !== '');
}

function splitParagraph(paragraph: string): string[] {
  const sentences: string[] = [];
  let start = 0;
  for (const end of paragraph.matchAll(/[.!?]+["'”’)\]]* (?=["'“‘([]*[\p{Lu}\p{N}])/gu)) {
    const stop = end.index + end[0].length;
    const word = /(\S+)$/.exec(paragraph.slice(Math.max(start, end.index - 20), end.index))?.[1] ?? '';
    if (end[0] === '. ' && isShortForm(word)) continue;
    sentences.push(paragraph.slice(start, stop - 1));
    start = stop;
  }
  return [...sentences, paragraph.slice(start)];
}

/** `Mr`, `U.S`, a single letter. */
const isShortForm = (word: string): boolean => {
  const bare = word.replace(/^["'“‘([]+/, '');
  return shortForms.has(bare.toLowerCase()) || /^\p{L}$/u.test(bare) || /^(?:\p{L}\.)+\p{L}$/u.test(bare);
};
