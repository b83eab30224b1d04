/** A failure in a few words, where a number would stand. */
import type { Failure } from '../../harness/record.js';
import { bytes, seconds } from '../format.js';

/** `out of memory (needs about 560 GB, limit 20.0 GB)`, `timeout (limit 60 min 0 s)`, `crashed`. */
export function failureWords({ kind, memory, limitSeconds }: Failure): string {
  if (memory !== undefined) return `${kind} (${needOf(memory)}limit ${bytes(memory.limitBytes)})`;
  return limitSeconds === undefined ? kind : `${kind} (limit ${seconds(limitSeconds)})`;
}

/** A prediction below the limit was wrong, and is not repeated. */
const needOf = ({ predictedBytes, limitBytes }: NonNullable<Failure['memory']>): string =>
  predictedBytes === null || predictedBytes <= limitBytes ? '' : `needs about ${bytes(predictedBytes)}, `;
