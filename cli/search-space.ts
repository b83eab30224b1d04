/**
 * What `tune` tries: random search over learning rate, dropout and width (Bergstra and Bengio, JMLR 13, 2012). The first
 * trial is the preset itself, so that tuning never ends below it on the validation texts. Trials depend on the seed
 * alone: every architecture gets the same ones.
 */
import { stream, uniform } from '../architectures/random.js';
import type { EncoderSizes, TrainedCell, Training } from '../harness/cell.js';
import type { RunRecord } from '../harness/record.js';

export interface Trial {
  readonly encoder: Pick<EncoderSizes, 'dropout' | 'hidden' | 'feedForward'>;
  readonly training: Pick<Training, 'learningRate'>;
}

/** Log-uniform between the two. */
const learningRates = [1e-4, 1e-2] as const;
const dropouts = [0, 0.1, 0.2, 0.3, 0.4, 0.5] as const;
/** Times the preset's width, as powers of 2; the feed-forward layer goes with it. Heads still divide it. */
const widthPowers = [-1, 0, 1] as const;

export const spaceDescription =
  'learning rate from 0.0001 to 0.01 (log-uniform), dropout 0 to 0.5 in tenths, width half, once or twice the preset’s';

export function drawTrials(
  budget: number,
  seed: number,
  preset: { readonly encoder: EncoderSizes; readonly training: Training },
): Trial[] {
  const { dropout, hidden, feedForward, heads } = preset.encoder;
  const random = stream(seed, 'tune');
  const pick = <T>(values: readonly [T, ...T[]]): T =>
    values[Math.floor(uniform(random) * values.length)] ?? values[0];
  const drawn = Array.from({ length: budget - 1 }, (): Trial => {
    const [low, high] = learningRates;
    const learningRate = Number((low * (high / low) ** uniform(random)).toPrecision(2));
    const power = pick(widthPowers);
    const factor = (hidden * 2 ** power) % heads === 0 ? 2 ** power : 1;
    return {
      encoder: { dropout: pick(dropouts), hidden: hidden * factor, feedForward: feedForward * factor },
      training: { learningRate },
    };
  });
  const asPreset = {
    encoder: { dropout, hidden, feedForward },
    training: { learningRate: preset.training.learningRate },
  };
  return [asPreset, ...drawn];
}

/** Accuracy on the validation texts after the best epoch; null for a run that failed. The test texts play no part. */
export function validationAccuracy({
  curve,
  bestEpoch,
  failure,
}: Pick<RunRecord, 'curve' | 'bestEpoch' | 'failure'>): number | null {
  if (failure !== null) return null;
  return curve.find(({ epoch }) => epoch === bestEpoch)?.validationAccuracy ?? null;
}

/** The record that is best on validation; the earlier one where two are equal. Undefined where all failed. */
export const bestOf = (records: readonly RunRecord[]): RunRecord | undefined =>
  records.reduce<RunRecord | undefined>((best, record) => {
    const score = validationAccuracy(record);
    if (score === null) return best;
    return best === undefined || score > (validationAccuracy(best) ?? 0) ? record : best;
  }, undefined);

/** The flags of `formerbench run` that are a trial. */
export const flagsOf = ({ encoder, training }: TrainedCell): string[] => [
  ...['--learning-rate', String(training.learningRate)],
  ...['--dropout', String(encoder.dropout)],
  ...['--hidden', String(encoder.hidden)],
  ...['--feed-forward', String(encoder.feedForward)],
];
