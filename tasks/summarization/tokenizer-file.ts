/**
 * The subwords as Hugging Face's `tokenizer.json`, so that any of its libraries reads them: lower case, byte level, BPE,
 * a blank before a text's first word.
 */
import { firstByteId, specialTokens, type Subwords } from './subwords.js';

export function tokenizerFile({ merges }: Subwords): object {
  const pieces = [...byteCharacters()];
  for (const [left, right] of merges)
    pieces.push(`${pieces[left - firstByteId] ?? ''}${pieces[right - firstByteId] ?? ''}`);
  const pieceOf = (id: number) => pieces[id - firstByteId] ?? '';
  const names = [...specialTokens, ...pieces];
  const byteLevel = { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: specialTokens.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: { type: 'Lowercase' },
    pre_tokenizer: byteLevel,
    post_processor: null,
    decoder: byteLevel,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(names.map((name, id) => [name, id])),
      merges: merges.map(([left, right]) => [pieceOf(left), pieceOf(right)]),
    },
  };
}

/** GPT-2's character of each byte: itself where it can be printed, else one from U+0100 on. */
function byteCharacters(): string[] {
  const isPrinted = (byte: number) =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isPrinted(byte) ? byte : next++));
}
