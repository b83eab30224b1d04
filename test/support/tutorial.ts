/** `docs/add-an-architecture.md` as steps that can be followed, in a folder of the reader's own. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { packageRoot } from '../../harness/sources.js';
import { start } from '../commands/formerbench.js';

/** A file to write, or a command to type with lines that it prints. */
export type Step =
  | { readonly kind: 'file'; readonly name: string; readonly text: string }
  | { readonly kind: 'command'; readonly args: readonly string[]; readonly shown: readonly string[] };

/**
 * The fenced blocks: `ts NAME` is a file, `sh` a command, `text` what the command before it prints.
 * @throws where a block is none of these
 */
export function readTutorial(): Step[] {
  const text = readFileSync(join(packageRoot, 'docs/add-an-architecture.md'), 'utf8');
  const steps: Step[] = [];
  for (const [, info = '', body = ''] of text.matchAll(/^```(\S[^\n]*)\n([\s\S]*?)^```$/gm)) {
    const [language, name] = info.split(' ');
    const last = steps.at(-1);
    if (language === 'ts' && name !== undefined) steps.push({ kind: 'file', name, text: body });
    else if (language === 'sh') steps.push({ kind: 'command', args: argumentsOf(body), shown: [] });
    else if (language === 'text' && last?.kind === 'command')
      steps.splice(-1, 1, { ...last, shown: body.trimEnd().split('\n') });
    else throw new Error(`the tutorial has a block that no test knows: ${info}`);
  }
  return steps;
}

function argumentsOf(command: string): string[] {
  const [runner, program, ...args] = command.trim().split(/\s+/);
  expect([runner, program]).toEqual(['npx', 'formerbench']);
  return args;
}

/** Does what each step says, on the embedded backend; the numbers that are printed may differ from those shown. */
export async function follow(steps: readonly Step[], folder: string): Promise<void> {
  for (const step of steps) {
    if (step.kind === 'file') {
      writeFileSync(join(folder, step.name), step.text);
      continue;
    }
    const environment = { FORMERBENCH_CACHE: join(folder, 'cache') };
    const { code, stdout, stderr } = await start(step.args, environment, folder).ended;
    expect(code, `${step.args.join(' ')}\n${stdout}\n${stderr}`).toBe(0);
    const printed = `${stdout}\n${stderr}`.split('\n').map(shape);
    for (const line of step.shown)
      expect(
        printed.some((one) => one.startsWith(shape(line))),
        `'${line}' is not printed by ${step.args.join(' ')}:\n${stdout}`,
      ).toBe(true);
  }
}

/** A line with every number as #, and every gap as one blank. */
const shape = (line: string): string =>
  line
    .replace(/\d[\d.,]*(?:e[+-]?\d+)?/g, '#')
    .replace(/\s+/g, ' ')
    .trim();
