import { describe, expect, test } from 'vitest';
import { architectures } from '../../architectures/index.js';
import { none } from '../../architectures/none.js';
import { chooseArchitectures } from '../../cli/choose.js';
import { figure2 } from '../../reports/paper/figure-2.js';
import { table4 } from '../../reports/paper/table-4.js';

const mine = { file: '/mine.ts', architecture: { ...none, name: 'mine' } };
const namesOf = (names: readonly string[] | undefined, tables = [table4, figure2], plugins = [mine]) =>
  chooseArchitectures(names, tables, plugins).map(({ name }) => name);
const builtIn = architectures.map(({ name }) => name);
const rows = table4.rows.map(({ architecture }) => architecture);

describe('the architectures of a reproduction', () => {
  test("are by default the tables' rows that are here, no mixer, and every plugin", () => {
    const expected = builtIn.filter((name) => rows.includes(name) || name === 'none');
    expect(namesOf(undefined)).toEqual([...expected, 'mine']);
  });

  test('a built-in one that is no row of the chosen tables is left out', () => {
    const short = {
      ...table4,
      rows: table4.rows.filter(({ architecture }) => architecture === 'fastformer'),
    };
    expect(namesOf(undefined, [short], [])).toEqual(['fastformer', 'none']);
  });

  test('are everything with "all", each once', () => {
    expect(namesOf(['all'])).toEqual([...builtIn, 'mine']);
    expect(namesOf(['mine', 'all', 'none'])).toEqual(['mine', ...builtIn]);
  });

  test('are those that are named, in that order', () => {
    expect(namesOf(['none', 'fastformer'])).toEqual(['none', 'fastformer']);
  });

  test('a slip is refused, beside "all" too', () => {
    expect(() => namesOf(['all', 'fastfromer'])).toThrow("did you mean 'fastformer'?");
  });

  test('have their default options', () => {
    const [choice] = chooseArchitectures(['fastformer'], [table4], []);
    expect(choice?.options).toMatchObject({ logits: 'whole', outputProjection: true });
  });
});
