/**
 * The recommender: news to vectors, the vectors of what a user clicked to one vector, and their products as scores.
 *
 *     r_i = pool(mix(words of title i)) [+ embedding of its topic]          news encoder
 *     u   = pool(mix(r of the clicked news))                                user encoder
 *     score of candidate c = u . r_c;  loss = -log softmax(scores)[clicked]  over the clicked one and K others
 *
 * Hierarchical as in NRMS (Wu et al., EMNLP 2019), any architecture as both `mix`: mixers with a residual. No
 * positions and no norm, by the authors' remark that news recommendation is better without either, and no feed-forward
 * network, as NRMS. NRMS has no residual; here nothing would be learned without one, from weights of N(0, 0.02).
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { z } from 'zod';
import type { Architecture, Mixer } from '../../architectures/contract.js';
import type { EncoderContext } from '../../architectures/encoder.js';
import { dropout } from '../../architectures/layers/dropout.js';
import { embedding } from '../../architectures/layers/embedding.js';
import { createTokenPooling } from '../../architectures/layers/token-pooling.js';
import type { Scope } from '../../architectures/scope.js';
import { crossEntropy } from '../classification/model.js';
import type { RecommendationData } from './data.js';

export interface RecommenderSizes {
  /** Tokens read of a title. */
  readonly titleLength: number;
  /** Latest clicked news that are read of a user. */
  readonly history: number;
  /** Width of a word's vector; another than `hidden` is projected. */
  readonly wordSize: number;
  /** D: width of a news vector and of a user vector. */
  readonly hidden: number;
  readonly heads: number;
  /** Mixers of each encoder, one after the other. */
  readonly layers: number;
  /** Share of values dropped in training: of words, of clicked news, after every mixer. */
  readonly dropout: number;
  /** Whether a vector for the topic is added to each news vector. */
  readonly category: boolean;
}

/** News as tensors. */
export type NewsTensors = {
  /** Word ids, 0 = padding, int32 [news, titleLength]; or given vectors, float32 [news, width]. */
  readonly content: Tensor2D;
  /** 1 + topic, 0 = none, int32 [news, 1]. */
  readonly topics: Tensor2D;
};

/** The news of a batch, and who clicked which: places in them. */
export type NewsBatchTensors = NewsTensors & {
  /** int32 [B, history], 0 = none */
  readonly clicked: Tensor2D;
  /** int32 [B, 1 + K], the clicked one first */
  readonly candidates: Tensor2D;
};

export interface Recommender {
  /** [news, D] */
  encodeNews(news: NewsTensors, context: EncoderContext): Tensor2D;
  /**
   * @param vectors - [news, D]
   * @param clicked - places in them, int32 [B, history], 0 = none
   * @returns [B, D]; a user who clicked nothing gets zeros
   */
  encodeUsers(vectors: Tensor2D, clicked: Tensor2D, context: EncoderContext): Tensor2D;
  /** Mean over the batch. */
  loss(batch: NewsBatchTensors, context: EncoderContext): Scalar;
}

/**
 * Parameters: `news.*`, `user.*`, with `category` also `topic_embedding.table`.
 * @param options - of the architecture, parsed
 */
export function createRecommender<Options extends z.ZodObject>(
  scope: Scope,
  architecture: Architecture<Options>,
  options: z.infer<Options>,
  sizes: RecommenderSizes,
  data: Pick<RecommendationData, 'news' | 'vocabulary'>,
): Recommender {
  const sequence = (name: string, length: number) =>
    createSequenceEncoder(scope.child(name), architecture, options, sizes, length, name);
  const content =
    data.news.vectors === null
      ? createTitleEncoder(scope, sizes, data.vocabulary.size, sequence('news', sizes.titleLength))
      : scope.dense('news_projection', data.news.vectors.width, sizes.hidden);
  const topics = sizes.category
    ? scope.parameter('topic_embedding.table', [data.news.topics.length + 1, sizes.hidden])
    : null;
  const readUser = sequence('user', sizes.history);

  const encodeNews: Recommender['encodeNews'] = (news, context) => {
    const vectors = content(news.content, context);
    if (topics === null) return vectors;
    const added = embedding(topics, news.topics); // [news, 1, D]
    return tf.add(vectors, tf.reshape(added, vectors.shape));
  };
  const encodeUsers: Recommender['encodeUsers'] = (vectors, clicked, context) =>
    readUser(embedding(vectors, clicked), realOf(clicked), context);
  return {
    encodeNews,
    encodeUsers,
    loss: ({ clicked, candidates, ...news }, context) => {
      const vectors = encodeNews(news, context);
      const users = encodeUsers(vectors, clicked, context);
      const [batch, choices] = candidates.shape;
      const shown = embedding(vectors, candidates); // [B, 1 + K, D]
      const scores = tf.matMul(shown, tf.reshape(users, [batch, sizes.hidden, 1]));
      return crossEntropy(tf.reshape(scores, [batch, choices]), tf.zeros([batch], 'int32'));
    },
  };
}

/** Of random words, about as far apart as GloVe's: without norms their size is that of the scores. */
const wordDeviation = 0.4;

/** 1 where an id is not 0, float32. */
const realOf = (ids: Tensor2D): Tensor2D => tf.cast(tf.greater(ids, 0), 'float32');

type ReadSequence = (x: Tensor3D, mask: Tensor2D, context: EncoderContext) => Tensor2D;

function createTitleEncoder(
  scope: Scope,
  { wordSize, hidden }: RecommenderSizes,
  vocabulary: number,
  read: ReadSequence,
): (titles: Tensor2D, context: EncoderContext) => Tensor2D {
  const words = scope.parameter('word_embedding.table', [vocabulary, wordSize], {
    deviation: wordDeviation,
  });
  const project = wordSize === hidden ? null : scope.dense('word_projection', wordSize, hidden);
  return (titles, context) => {
    const looked = embedding(words, titles);
    return read(project === null ? looked : project(looked), realOf(titles), context);
  };
}

/** dropout -> layers x [mixer, dropout, residual] -> additive-attention pooling. A row of padding gives zeros. */
function createSequenceEncoder<Options extends z.ZodObject>(
  scope: Scope,
  architecture: Architecture<Options>,
  options: z.infer<Options>,
  { hidden, heads, layers, dropout: rate }: RecommenderSizes,
  length: number,
  name: string,
): ReadSequence {
  const mixers = Array.from(
    { length: layers },
    (_, i): Mixer => architecture.create(scope.child(`layers.${i}`), { length, hidden, heads }, options),
  );
  const pool = createTokenPooling(scope, hidden, 'additive');
  return (x, mask, context) => {
    const start = dropout(x, rate, `${name}.input`, context);
    const mixed = mixers.reduce((tokens, mixer, i) => {
      const change = dropout(mixer(tokens, { mask, ...context }), rate, `${name}.layers.${i}`, context);
      return tf.add<Tensor3D>(tokens, change);
    }, start);
    return pool(mixed, mask);
  };
}
