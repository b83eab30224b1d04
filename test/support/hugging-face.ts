/** Hugging Face's own reader of `tokenizer.json`. Its types do not resolve here: what is used of it stands here. */
import * as library from '@huggingface/tokenizers';

interface Library {
  readonly Tokenizer: new (
    file: object,
    config: object,
  ) => { encode(text: string, options?: object): { readonly ids: readonly number[] } };
}

/** @returns the ids of a text, by a file's content */
export function idsByHuggingFace(file: object): (text: string) => readonly number[] {
  const { Tokenizer } = library as unknown as Library;
  const tokenizer = new Tokenizer(file, {});
  return (text) => tokenizer.encode(text, { add_special_tokens: false }).ids;
}
