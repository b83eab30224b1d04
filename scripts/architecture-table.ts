/**
 * `docs/architectures.md` from the catalogue: what there is, what its paper says it costs, and what is counted.
 *
 * `npm run docs:architectures` writes it; a test holds the page to what this returns.
 */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Architecture } from '../architectures/contract.js';
import { architectures } from '../architectures/index.js';
import { startBackend } from '../harness/backends/index.js';
import type { Check } from '../harness/conformance/check.js';
import { checkGrowth } from '../harness/conformance/growth.js';
import { describeOptions, type OptionInfo } from '../harness/option-schema.js';

export const pagePath = fileURLToPath(new URL('../docs/architectures.md', import.meta.url));

const introduction = `# Architectures

Each is one file of \`architectures/\`, with its equations. This page is written from these files by \`npm run docs:architectures\`.

N is the length, D the hidden size. "Counted" is the power of N by which multiply-adds of a forward pass, and the peak bytes of tensors alive at once in a
forward and backward pass, grow between 512 and 4,096 tokens, with default options, hidden size 16 and one head: log(ratio) / log(8). These counts are
exact and the same on every machine.`;

/** The text of the page; a backend has to be on. */
export async function architecturesPage(): Promise<string> {
  const rows: string[] = [];
  for (const architecture of architectures) rows.push(await rowOf(architecture));
  const header = [
    line([
      'architecture',
      'name',
      'paper',
      "paper's complexity",
      'counted: multiply-adds',
      'counted: peak bytes',
    ]),
    line(['---', '---', '---', '---', '---', '---']),
  ];
  const sections = architectures.map(sectionOf);
  return `${[introduction, [...header, ...rows].join('\n'), ...sections].join('\n\n')}\n`;
}

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

async function rowOf(architecture: Architecture): Promise<string> {
  const { title, name, citation, complexity } = architecture;
  const [multiplyAdds, peakBytes] = await checkGrowth(architecture);
  const paper = `[${citation.authors}, ${citation.year}](${citation.url})`;
  return line([title, `\`${name}\``, paper, complexity, power(multiplyAdds), power(peakBytes)]);
}

/** `N^1.02` */
const power = (growth: Check | undefined): string => `N^${growth?.measured.toFixed(2) ?? '?'}`;

function sectionOf({ title, citation, options, deviations }: Architecture): string {
  const infos = describeOptions(options);
  return [
    `## ${title}`,
    `_${citation.title}._`,
    ...(infos.length === 0 ? ['It has no options.'] : [optionTable(infos)]),
    ...(deviations.length === 0
      ? []
      : [['Differs from the paper:', '', ...deviations.map((text) => `- ${text}`)].join('\n')]),
  ].join('\n\n');
}

const optionTable = (infos: readonly OptionInfo[]): string =>
  [
    line(['option', 'values', 'default', 'meaning']),
    line(['---', '---', '---', '---']),
    ...infos.map((info) =>
      line([
        `\`${info.name}\``,
        valuesOf(info),
        `\`${String(info.default)}\``,
        (info.description ?? '').replaceAll('|', '\\|'),
      ]),
    ),
  ].join('\n');

function valuesOf({ type, choices, minimum, maximum }: OptionInfo): string {
  if (choices !== null) return choices.map((choice) => `\`${String(choice)}\``).join(', ');
  const from = minimum === null ? '' : ` from ${minimum.toLocaleString('en-US')}`;
  const to = maximum === null ? '' : ` to ${maximum.toLocaleString('en-US')}`;
  return type + from + to;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await startBackend('wasm');
  await writeFile(pagePath, await architecturesPage());
}
