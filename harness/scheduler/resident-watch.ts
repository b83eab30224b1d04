/**
 * Looks at the resident set of a child from outside and tells when it passes a limit.
 *
 * The address space says nothing of what a process uses: V8, wasm and TensorFlow reserve far more than they touch. The
 * kernel keeps the highest resident set of every process, so no peak between two looks is missed; a look takes some
 * tens of microseconds of the parent.
 */
import { readFileSync } from 'node:fs';

export interface ResidentWatch {
  /** Bytes, the most so far; null where the system does not say (only Linux does). */
  readonly peak: () => number | null;
  readonly stop: () => void;
}

/** Between two looks. Fresh memory comes at a few GB a second at most, so a child gets a few hundred MB past its limit. */
const lookMilliseconds = 100;

/** @param passed - called once */
export function watchResident(pid: number, limitBytes: number, passed: () => void): ResidentWatch {
  let peak = peakResidentOf(pid);
  const timer = setInterval(() => {
    peak = Math.max(peak ?? 0, peakResidentOf(pid) ?? 0) || null;
    if (peak === null || peak <= limitBytes) return;
    clearInterval(timer);
    passed();
  }, lookMilliseconds);
  return {
    peak: () => peak,
    stop: () => {
      clearInterval(timer);
    },
  };
}

/** Null when the process has ended. */
function peakResidentOf(pid: number): number | null {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? null : 1024 * Number(kilobytes);
  } catch {
    return null;
  }
}
