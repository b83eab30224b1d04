/**
 * A new architecture as the text of one file: `template/my-mixer.ts`, a mixer that works, under another name.
 *
 * The template is compiled and linted with the sources of this package, and is a plugin like any other.
 */
import { readFile } from 'node:fs/promises';

export type Language = 'ts' | 'js';

const template = new URL('./template/my-mixer.ts', import.meta.url);

/** What the lines with types become in JavaScript; the type of the whole stays, for editors. */
const withoutTypes: readonly (readonly [typed: string, plain: string])[] = [
  ["import { type Architecture, denseCost } from 'formerbench';", "import { denseCost } from 'formerbench';"],
  ['export default {', "/** @type {import('formerbench').Architecture<typeof options>} */\nexport default {"],
  ['} satisfies Architecture<typeof options>;', '};'],
];

/** @param name - `my-mixer`: lower case letters, digits and dashes */
export async function architectureFile(name: string, language: Language): Promise<string> {
  const text = (await readFile(template, 'utf8'))
    .replaceAll('my-mixer', name)
    .replaceAll('My mixer', titleOf(name));
  if (language === 'ts') return text;
  return withoutTypes.reduce((result, [typed, plain]) => {
    if (!result.includes(typed)) throw new Error(`the template has no '${typed}'`);
    return result.replace(typed, plain);
  }, text);
}

/** `aft-simple` -> `Aft simple` */
function titleOf(name: string): string {
  const words = name.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
