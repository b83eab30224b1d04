import { CommanderError } from 'commander';
import { expect, test } from 'vitest';
import { CliError, explain, UsageError } from '../../cli/errors.js';
import { HarnessError } from '../../harness/errors.js';
import { DataError } from '../../tasks/datasets/contract.js';

test.each<[Error, number]>([
  [new UsageError('wrong name'), 2],
  [new CliError('no page'), 1],
  [new HarnessError('no folder'), 1],
  [new DataError('no data'), 1],
  [new CommanderError(1, 'commander.unknownOption', ''), 2],
  [new CommanderError(0, 'commander.helpDisplayed', ''), 0],
])('%s ends with code %i', (error, code) => {
  expect(explain(error, false).exitCode).toBe(code);
});

test('the message stands alone; with --debug the stack is there', () => {
  const error = new UsageError('wrong name');
  expect(explain(error, false).text).toBe('error: wrong name');
  expect(explain(error, true).text).toContain('errors.test.ts');
});

test('what the language throws is called a defect', () => {
  expect(explain(new TypeError('x is not a function'), false).text).toContain('--debug shows where');
});

test('what Commander has printed is not printed again', () => {
  expect(explain(new CommanderError(1, 'commander.unknownOption', 'unknown option'), false).text).toBe('');
});
