import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startStopwatch } from '../../../harness/scheduler/stopwatch.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('it is over once its limit has come, for good', () => {
  const atLimit = vi.fn();
  const time = startStopwatch(2, atLimit);
  vi.advanceTimersByTime(1_999);
  expect([time.isOver(), atLimit.mock.calls.length]).toEqual([false, 0]);
  vi.advanceTimersByTime(1);
  time.stop();
  expect([time.isOver(), atLimit.mock.calls.length]).toEqual([true, 1]);
});

test('stopped past its limit, but before the timer was heard, it is not over', () => {
  const atLimit = vi.fn();
  const time = startStopwatch(2, atLimit);
  const clock = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 2_500);
  time.stop();
  clock.mockRestore();
  vi.advanceTimersByTime(10_000);
  expect(time.seconds()).toBe(2.5);
  expect([time.isOver(), atLimit.mock.calls.length]).toEqual([false, 0]);
});

test('what passes while it is held brings it no nearer to its limit', () => {
  const time = startStopwatch(2, () => undefined);
  vi.advanceTimersByTime(1_500);
  time.hold();
  vi.advanceTimersByTime(10_000);
  expect([time.seconds(), time.isOver()]).toEqual([1.5, false]);
  time.go();
  vi.advanceTimersByTime(499);
  expect(time.isOver()).toBe(false);
  vi.advanceTimersByTime(1);
  expect(time.isOver()).toBe(true);
});
