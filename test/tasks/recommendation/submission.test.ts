import { describe, expect, it } from 'vitest';
import {
  checkSubmission,
  lineProblem,
  ranksOf,
  submissionLine,
} from '../../../tasks/recommendation/submission.js';

async function* linesOf(...lines: readonly string[]): AsyncGenerator<string> {
  for (const line of lines) yield await Promise.resolve(line);
}

describe('the official file', () => {
  it('has the rank of each candidate in the order of the candidates', () => {
    expect(submissionLine('1', [0.2, 0.9, 0.5])).toBe('1 [3,1,2]');
    expect(ranksOf([0.5, 0.5, 0.5])).toEqual([3, 2, 1]);
  });

  it.each([
    ['1 [3,1,2]', null],
    ['1 [1]', null],
    ['1 [3, 1, 2]', /form/],
    ['1 3,1,2', /form/],
    ['', /form/],
    ['1 []', /form/],
    ['1 [-1,2]', /form/],
    ['1 [0,1]', /1 to 2 once/],
    ['1 [1,1]', /1 to 2 once/],
    ['1 [1,3]', /1 to 2 once/],
  ])('%j', (line, problem) => {
    const found = lineProblem(line);
    if (problem === null) expect(found).toBeNull();
    else expect(found).toMatch(problem);
  });

  it('is held against the impressions: their order, their number of candidates, none missing, none more', async () => {
    const expected = [
      { id: '1', candidates: [0, 0] },
      { id: '2', candidates: [0] },
    ];
    const problemsOf = async (...lines: string[]) =>
      (await checkSubmission(linesOf(...lines), expected)).problems;
    expect(await problemsOf('1 [2,1]', '2 [1]')).toEqual([]);
    expect(await problemsOf('2 [1]', '1 [2,1]')).toEqual([
      { line: 1, problem: 'it is of impression 2, not 1' },
      { line: 2, problem: 'it is of impression 1, not 2' },
    ]);
    expect(await problemsOf('1 [1]', '2 [1]')).toEqual([
      { line: 1, problem: 'it has 1 ranks for 2 candidates' },
    ]);
    expect(await problemsOf('1 [2,1]')).toEqual([{ line: 2, problem: 'it is missing, and 0 more' }]);
    expect(await problemsOf('1 [2,1]', '2 [1]', '3 [1]')).toEqual([
      { line: 3, problem: 'there is no such impression any more' },
    ]);
  });
});
