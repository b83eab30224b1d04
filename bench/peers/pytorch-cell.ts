/** PyTorch's side of a meeting: `pytorch_peer.py` in an interpreter that has PyTorch, one process a cell. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { CliError } from '../../cli/errors.js';
import { messageOf } from '../../harness/errors.js';
import { canonicalJson } from '../../harness/identity.js';
import { type Limits, limitedCommand } from '../../harness/scheduler/child.js';
import { soundsOutOfMemory } from '../../harness/scheduler/failure.js';
import { peerSizes, type Rival } from './contests.js';
import type { Measurement } from './measurement.js';
import type { Meeting } from './schedule.js';
import type { SharedSizes } from './sizes.js';

const script = fileURLToPath(new URL('../pytorch_peer.py', import.meta.url));
const run = promisify(execFile);

export interface PyTorch {
  /** The interpreter. */
  readonly python: string;
  readonly version: string;
}

export const howToInstall = `make a virtual environment with PyTorch and name its interpreter:
  python3 -m venv ../peer && ../peer/bin/pip install torch
  npm run bench:peers -- --python ../peer/bin/python      (or FORMERBENCH_PEER_PYTHON)`;

/** @throws CliError where the interpreter is missing, or has no PyTorch */
export async function findPyTorch(python: string): Promise<PyTorch> {
  try {
    const { stdout } = await run(python, ['-c', 'import torch; print(torch.__version__)']);
    return { python, version: stdout.trim() };
  } catch (error) {
    const missing = /No module named 'torch'/.test(messageOf(error));
    const why = missing ? 'it has no PyTorch' : (messageOf(error).trim().split('\n').at(-1) ?? '');
    throw new CliError(`${python} cannot run the peer: ${why}\n${howToInstall}`);
  }
}

/** What the process is told. */
export function peerArguments({ mixer }: Rival, meeting: Meeting, sizes: SharedSizes): string[] {
  const { mode, length, batch, round } = meeting;
  const { hidden, heads, layers, feedForward, vocabulary, classes, warmup, warmupLimit, samples, threads } =
    sizes;
  const flags = {
    ...{
      mixer,
      mode,
      length,
      batch,
      hidden,
      heads,
      layers,
      'feed-forward': feedForward,
      vocabulary,
      classes,
    },
    ...{ ...peerSizes, threads, seed: round, warmup, 'warmup-limit': warmupLimit, samples },
  };
  return Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
}

export function peerId(argumentsOfPeer: readonly string[], { version }: PyTorch): string {
  const identity = canonicalJson({ argumentsOfPeer, version, script: readFileSync(script, 'utf8') });
  return createHash('sha256').update(identity).digest('hex').slice(0, 16);
}

const answerSchema = z.object({
  samples: z.array(z.number()),
  warmUpSteps: z.int(),
  parameters: z.int(),
  peakResidentBytes: z.number(),
  baselineResidentBytes: z.number(),
});
type Answer = z.infer<typeof answerSchema>;

/** @returns null when it was stopped */
export async function runPyTorch(
  rival: Rival,
  meeting: Meeting,
  {
    torch,
    sizes,
    limits,
    signal,
  }: { torch: PyTorch; sizes: SharedSizes; limits: Limits; signal: AbortSignal },
): Promise<Measurement | null> {
  const flags = peerArguments(rival, meeting, sizes);
  const startedAt = new Date().toISOString();
  const { mode, length, batch, round } = meeting;
  const about = { side: 'pytorch', name: rival.mixer, mode, length, batch, round, startedAt } as const;
  const id = peerId(flags, torch);
  try {
    return {
      id,
      ...about,
      ...(await answerOf([torch.python, script, ...flags], limits, signal)),
      failure: null,
    };
  } catch (error) {
    if (signal.aborted) return null;
    return { id, ...about, ...nothing, failure: failureOf(error, limits) };
  }
}

const nothing = {
  samples: [],
  warmUpSteps: null,
  parameters: null,
  peakResidentBytes: null,
  baselineResidentBytes: null,
};

/** As many threads and as much memory as our side has. */
async function answerOf(command: string[], limits: Limits, signal: AbortSignal): Promise<Answer> {
  const [file = '', ...rest] =
    process.platform === 'linux' ? limitedCommand(limits.memoryBytes, command) : command;
  const { stdout } = await run(file, rest, {
    signal,
    timeout: limits.seconds * 1000,
    killSignal: 'SIGKILL',
    env: { ...process.env, OMP_NUM_THREADS: String(limits.threads) },
  });
  return answerSchema.parse(JSON.parse(stdout));
}

/** What `execFile` throws. */
const deathSchema = z.object({ stderr: z.string(), killed: z.boolean(), signal: z.string().nullish() });

function failureOf(error: unknown, limits: Limits): NonNullable<Measurement['failure']> {
  const death = deathSchema.safeParse(error).data;
  if (death === undefined) return { kind: 'crashed', message: messageOf(error) };
  if (death.killed) return { kind: 'timeout', message: `no result after ${limits.seconds} s` };
  const words = death.stderr.trim().split('\n').at(-1) ?? '';
  const outOfMemory =
    death.signal === 'SIGKILL' || /can't allocate memory/.test(words) || soundsOutOfMemory(words);
  return { kind: outOfMemory ? 'out of memory' : 'crashed', message: words };
}
