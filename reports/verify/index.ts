/**
 * Is a page what its records say? It is made again from them and compared piece by piece: numbers, words, drawings,
 * downloads, scripts. The first difference is named by its place.
 *
 * A page that another version wrote is worded and laid out in another way. Of such a page only what both have at the
 * same place of a table is compared.
 */
import { buildReport } from '../index.js';
import { generator, generatorOf } from '../page/generator.js';
import { unpackText } from '../page/packed-text.js';
import { type PageRecords, unpackRecords } from '../page/records-bundle.js';
import { type Piece, piecesOf } from './pieces.js';

export interface Difference {
  readonly place: string;
  /** Null where only one of them has something here. */
  readonly page: string | null;
  readonly records: string | null;
}

export interface Verification {
  readonly records: number;
  /** Pieces of text with a digit in them that were compared. */
  readonly numbers: number;
  /** Null when there is none. */
  readonly difference: Difference | null;
  /** What wrote the page; null when it is this version, and all of the page was compared. */
  readonly otherVersion: string | null;
}

/** The records inside a page; null where it has none. @throws where they cannot be read */
export function recordsInside(html: string): PageRecords | null {
  const packed = packedText(html, 'page-records');
  return packed === null ? null : unpackRecords(packed);
}

const packedText = (html: string, id: string): string | null =>
  new RegExp(`<script type="text/plain" id="${id}">([A-Za-z0-9+/=\\s]*)</script>`).exec(html)?.[1] ?? null;

export async function verifyPage(html: string, content: PageRecords): Promise<Verification> {
  const { records, ...options } = content;
  const again = await buildReport(records, options);
  const written = generatorOf(html);
  const otherVersion = written === generator() ? null : (written ?? 'something that does not say what it is');
  const [page, computed] = [piecesOf(unpacked(html)), piecesOf(unpacked(again))];
  const compared = otherVersion === null ? computed : shared(page, computed);
  return {
    records: records.length,
    numbers: compared.filter(isNumber).length,
    difference: otherVersion === null ? firstDifference(page, computed) : differenceAtPlaces(page, computed),
    otherVersion,
  };
}

const isNumber = ({ kind, content }: Piece): boolean => kind === 'text' && /\d/.test(content);

/** What is packed may be packed otherwise by another zlib: its content is what counts. */
function unpacked(html: string): string {
  return ['page-records', 'vega-bundle', 'chart-specs'].reduce((text, id) => {
    const packed = packedText(text, id);
    return packed === null ? text : text.replace(packed, () => readable(packed));
  }, html);
}

function readable(packed: string): string {
  try {
    return unpackText(packed).replaceAll('<', '\\u003c');
  } catch {
    return 'cannot be unpacked';
  }
}

function firstDifference(page: readonly Piece[], computed: readonly Piece[]): Difference | null {
  const at = computed.findIndex(({ content }, index) => page[index]?.content !== content);
  const index = at >= 0 ? at : page.length > computed.length ? computed.length : -1;
  if (index < 0) return null;
  const [theirs, ours] = [page[index], computed[index]];
  const place = ours?.place ?? theirs?.place ?? '';
  const from = excerptStart(theirs?.content ?? '', ours?.content ?? '');
  return {
    place: place === '' ? 'the head of the page' : place,
    page: excerpt(theirs, from),
    records: excerpt(ours, from),
  };
}

const excerptLength = 120;

/** A little before the first letter that differs. */
function excerptStart(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at < excerptLength - 40 ? 0 : at - 40;
}

function excerpt(piece: Piece | undefined, from: number): string | null {
  if (piece === undefined) return null;
  const { content } = piece;
  const end = from + excerptLength;
  return `${from > 0 ? '…' : ''}${content.slice(from, end)}${end < content.length ? '…' : ''}`;
}

/** Numbers in tables, by place: one text a place, however it is cut into pieces. */
function numbersByPlace(pieces: readonly Piece[]): Map<string, string> {
  const texts = new Map<string, string>();
  for (const piece of pieces)
    if (isNumber(piece) && piece.place.split(' › ').length > 3)
      texts.set(piece.place, `${texts.get(piece.place) ?? ''} ${piece.content}`.trim());
  return texts;
}

const shared = (page: readonly Piece[], computed: readonly Piece[]): Piece[] => {
  const places = numbersByPlace(page);
  return computed.filter(({ place }) => places.has(place));
};

function differenceAtPlaces(page: readonly Piece[], computed: readonly Piece[]): Difference | null {
  const ours = numbersByPlace(computed);
  for (const [place, theirs] of numbersByPlace(page)) {
    const own = ours.get(place);
    if (own !== undefined && own !== theirs) return { place, page: theirs, records: own };
  }
  return null;
}
