/** Connections to the Redis of `--redis URL`, and words about it that hold no password. */
import { Redis } from 'ioredis';
import { HarnessError, messageOf } from '../errors.js';
import { withoutPassword } from '../passwords.js';

export interface RedisConnections {
  /** For adding and asking: rejects while the server is away. */
  readonly client: Redis;
  /** The URL without its password. */
  readonly name: string;
  readonly close: () => void;
}

/**
 * @param url - `redis://[:password@]host:port[/number]`, or `rediss://` for TLS
 * @throws HarnessError within some seconds when no Redis answers there
 */
export async function connectRedis(url: string, role: 'coordinator' | 'worker'): Promise<RedisConnections> {
  const name = withoutPassword(url);
  if (!/^rediss?:\/\/[^/]/.test(url) || !URL.canParse(url))
    throw new HarnessError(`${name} is no address of a Redis; give redis://host:port`);
  await ping(url, name);
  const client = new Redis(url, {
    // A worker waits out a restart of the server; who adds is told at once.
    maxRetriesPerRequest: role === 'worker' ? null : 2,
    retryStrategy: (tries) => Math.min(50 * tries, 1000),
  });
  client.on('error', () => undefined); // Refused connections while it is down; commands tell of it.
  return {
    client,
    name,
    close: () => {
      client.disconnect();
    },
  };
}

const pingMilliseconds = 1000;
/** A server that reads its file back says LOADING. */
const loadingMilliseconds = 30_000;

/** Before anything else: a queue would wait for a server that is not there for ever. */
async function ping(url: string, name: string): Promise<void> {
  const begin = performance.now();
  for (;;) {
    const problem = await tryPing(url);
    if (problem === null) return;
    const loading = problem.includes('LOADING') && performance.now() - begin < loadingMilliseconds;
    if (!loading)
      throw new HarnessError(
        `no Redis answers at ${name} (${problem}); start one there, with appendonly yes, or correct --redis`,
      );
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function tryPing(url: string): Promise<string | null> {
  const probe = new Redis(url, {
    lazyConnect: true,
    connectTimeout: pingMilliseconds,
    commandTimeout: pingMilliseconds,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let cause = '';
  probe.on('error', (error: Error) => (cause = error.message));
  try {
    await probe.connect();
    await probe.ping();
    return null;
  } catch (error) {
    return cause || messageOf(error);
  } finally {
    probe.disconnect();
  }
}
