import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { takeLock, waitForLock } from '../../harness/lock.js';
import { temporaryFolder } from './folders.js';

const lockFile = () => join(temporaryFolder(), '.lock');

test('a second writer is told who writes, until the first gives the lock back', async () => {
  const file = lockFile();
  const release = await takeLock(file);
  await expect(takeLock(file)).rejects.toThrow(`process ${process.pid} is writing to this folder`);
  await release();
  expect(existsSync(file)).toBe(false);
  await (await takeLock(file))();
});

test('the lock of a dead process is taken over', async () => {
  const file = lockFile();
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => child.once('exit', resolve));
  writeFileSync(file, JSON.stringify({ pid: child.pid, host: hostname(), started: '1' }));
  const release = await takeLock(file);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: process.pid });
  await release();
});

test.runIf(existsSync('/proc/self/stat'))(
  'a later process of the same id is not taken for the writer',
  async () => {
    const file = lockFile();
    writeFileSync(file, JSON.stringify({ pid: process.pid, host: hostname(), started: 'long ago' }));
    await (await takeLock(file))();
  },
);

test('a lock of another host is respected', async () => {
  const file = lockFile();
  writeFileSync(file, JSON.stringify({ pid: 1, host: 'another-host', started: null }));
  await expect(takeLock(file)).rejects.toThrow('process 1 on another-host');
  expect(existsSync(file)).toBe(true);
});

test('a lock file that holds nothing sensible is taken over', async () => {
  const file = lockFile();
  writeFileSync(file, '');
  await (await takeLock(file))();
});

test('of many that come at once, one gets the lock', async () => {
  const file = lockFile();
  writeFileSync(file, JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), started: '1' }));
  const tries = await Promise.allSettled(Array.from({ length: 8 }, () => takeLock(file)));
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('who waits gets the lock when the holder gives it back, and is told once who that is', async () => {
  const file = lockFile();
  const release = await takeLock(file);
  const told: string[] = [];
  const { signal } = new AbortController();
  const waited = waitForLock(file, { signal, waiting: (holder) => told.push(holder) });
  await vi.waitFor(() => {
    expect(told).toEqual([`process ${process.pid}`]);
  });
  await release();
  await (await waited)();
  expect(told).toHaveLength(1);
  expect(existsSync(file)).toBe(false);
});

test('waiting ends when it is told to, and leaves the lock with its holder', async () => {
  const file = lockFile();
  const release = await takeLock(file);
  const stop = new AbortController();
  const waited = waitForLock(file, {
    signal: stop.signal,
    waiting: () => {
      stop.abort();
    },
  });
  await expect(waited).rejects.toThrow(/abort/i);
  expect(existsSync(file)).toBe(true);
  await release();
});
