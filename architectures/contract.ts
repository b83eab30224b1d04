/**
 * What an architecture is: a plain object that says how tokens are mixed, what that costs and where it comes from.
 *
 * Letters, as in the papers: B batch, N length, D hidden, H heads, d = D / H the size of a head.
 */
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { z } from 'zod';
import type { Scope } from './scope.js';

/** The sizes that a mixer is built for. */
export interface Sizes {
  /** N: the longest sequence that will come. */
  readonly length: number;
  /** D: width of a token's vector. */
  readonly hidden: number;
  /** H: number of heads; divides `hidden`. */
  readonly heads: number;
}

/** What a mixer is told beside the tokens. */
export interface MixerContext {
  /** 1 = real token, 0 = padding, [B, N] float32. A constant: no gradient flows into it. */
  readonly mask: Tensor2D;
  /** True while training: dropout is on. */
  readonly training: boolean;
  /** Seed of this step's dropout, int32 [1]; an input of the step, so that a compiled step draws anew each time. */
  readonly seed: Tensor1D;
  /**
   * Takes the place of what a mixer draws, chooses or remembers by itself, by name: random blocks, rotations, global
   * tokens, the memory of an earlier segment. For comparisons with another implementation; nothing in a model sets it.
   */
  readonly given?: Given;
}

export type Given = Readonly<Record<string, Tensor>>;

/** Mixes tokens: [B, N, D] -> [B, N, D]. Pure: tensors in, tensors out, nothing read back. */
export type Mixer = (x: Tensor3D, context: MixerContext) => Tensor3D;

/** What one sequence of N tokens costs in one forward pass of one mixer. */
export interface Cost {
  /** Trainable numbers. */
  readonly parameters: number;
  /** Multiply-adds of the matrix products. */
  readonly multiplyAdds: number;
  /** Bytes of what the matrix products put out, float32: the "activations" of Radosavovic et al., arXiv 2003.13678. */
  readonly activationBytes: number;
}

export interface Citation {
  readonly authors: string;
  readonly title: string;
  readonly year: number;
  readonly url: string;
}

export interface Architecture<Options extends z.ZodObject = z.ZodObject> {
  /** Lower case with dashes: what the command line and the records say. */
  readonly name: string;
  /** What a reader of the report sees. */
  readonly title: string;
  readonly citation: Citation;
  /** The paper's own O(...) of one mixer. */
  readonly complexity: string;
  /** Every option with its default. Unknown options are refused. */
  readonly options: Options;
  readonly supports: {
    readonly causal: boolean;
    readonly crossAttention: boolean;
    /** True when parameters depend on the length, so that a longer input needs a new model. */
    readonly lengthBoundAtBuild: boolean;
    /** True when the mixer has no notion of place: tokens in another order give the same outputs in that order. */
    readonly permutationEquivariant: boolean;
  };
  /** Where this implementation differs from the paper, and why. */
  readonly deviations: readonly string[];
  cost(sizes: Sizes, options: z.infer<Options>): Cost;
  /**
   * @param scope - makes the parameters, by name
   * @param options - parsed by `options`, defaults filled in
   */
  create(scope: Scope, sizes: Sizes, options: z.infer<Options>): Mixer;
  /**
   * The mechanism without its dense layers, where a reference publishes vectors of that alone.
   *
   * @param inputs - by the names of the reference, such as q, k, v [B, H, N, d]
   * @returns one tensor of the shape of the reference's output
   */
  core?(inputs: Given, options: z.infer<Options>, context: MixerContext): Tensor;
}
