/**
 * What a child sends. It runs code of plugins, so what comes over its channel may be anything: only what fits is taken.
 */
import { z } from 'zod';

const eventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['phase', 'note']), text: z.string().max(1_000) }),
  z.object({
    kind: z.literal('epoch'),
    epoch: z.int().positive(),
    of: z.int().positive(),
    trainLoss: z.number(),
    seconds: z.number(),
  }),
]);

const messageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('event'), event: eventSchema }),
  /** It waits to be told to go on; of a speed cell, see `gate.ts`. */
  z.object({ kind: z.literal('asks'), part: z.enum(['timed', 'untimed']) }),
  /** The last one counts; `failure.ts` checks it. */
  z.object({ kind: z.literal('outcome'), outcome: z.unknown() }),
  z.object({ kind: z.literal('error'), message: z.string() }),
]);

export type ChildMessage = z.infer<typeof messageSchema>;

/** Null for what is no message of ours. */
export const readMessage = (message: unknown): ChildMessage | null =>
  messageSchema.safeParse(message).data ?? null;
