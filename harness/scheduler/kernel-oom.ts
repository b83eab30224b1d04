/**
 * How many processes the Linux kernel has killed for want of memory. A child that died by SIGKILL while this number grew
 * ran out of memory; without it, nobody can tell that from a `kill -9`.
 */
import { readFileSync } from 'node:fs';

/** Since boot, or in this control group; 0 where the system does not say. */
export function oomKillCount(): number {
  const counts = ['/proc/vmstat', '/sys/fs/cgroup/memory.events'].map(readCount);
  return Math.max(...counts);
}

function readCount(file: string): number {
  try {
    return Number(/^oom_kill (\d+)$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
