/** What a web page left in a text and a reader never saw. */

const lineBreak = /<br\s*\/?>/gi;

/** HTML line breaks, `<br>` and `<br />`, become blanks. */
export const withoutBreaks = (text: string): string => text.replace(lineBreak, ' ');
