/** Text and outline of a PDF that Chromium wrote. Not a reader of any PDF: objects in plain, streams deflated at most. */
import { inflateSync } from 'node:zlib';

export interface PdfContent {
  readonly pages: number;
  /** Without spaces, which lines that wrap lose. */
  readonly text: string;
  /** Titles of the bookmarks. */
  readonly outline: readonly string[];
}

type Objects = ReadonlyMap<string, string>;

export function readPdf(bytes: Uint8Array): PdfContent {
  const source = Buffer.from(bytes).toString('latin1');
  const objects: Objects = new Map(
    [...source.matchAll(/(\d+) 0 obj\b([\s\S]*?)\bendobj/g)].map(([, id = '', body = '']) => [id, body]),
  );
  const all = [...objects.values()];
  const pages = all.filter((body) => /\/Type\s*\/Page\b/.test(body));
  const outline = all
    .filter((body) => body.includes('/Title') && body.includes('/Parent'))
    .map((body) => titleOf(body));
  return { pages: pages.length, text: pages.map((page) => textOf(page, objects)).join(''), outline };
}

/** `(plain)`, or `<FEFF...>` in UTF-16. */
function titleOf(body: string): string {
  const [, plain, hex] = /\/Title\s*(?:\(((?:\\.|[^\\)])*)\)|<([0-9A-F]+)>)/i.exec(body) ?? [];
  if (hex !== undefined) return utf16(hex.replace(/^FEFF/i, ''));
  const raw = (plain ?? '').replace(/\\(\d{3}|.)/g, (_, code: string) =>
    /^\d/.test(code) ? String.fromCharCode(Number.parseInt(code, 8)) : code,
  );
  return raw.startsWith('\xFE\xFF') ? utf16(Buffer.from(raw.slice(2), 'latin1').toString('hex')) : raw;
}

const utf16 = (hex: string): string =>
  String.fromCharCode(...(hex.match(/.{4}/g) ?? []).map((unit) => Number.parseInt(unit, 16)));

function streamOf(body: string): string {
  const data = /stream\r?\n([\s\S]*?)endstream/.exec(body)?.[1] ?? '';
  return body.includes('/FlateDecode') ? inflateSync(Buffer.from(data, 'latin1')).toString('latin1') : data;
}

function textOf(page: string, objects: Objects): string {
  const fonts = new Map(
    [...page.matchAll(/\/(F\d+) (\d+) 0 R/g)].map(([, name = '', id = '']) => [name, lettersOf(id, objects)]),
  );
  const content = /\/Contents (\d+) 0 R/.exec(page)?.[1] ?? '';
  let letters: ReadonlyMap<string, string> = new Map();
  let text = '';
  for (const [, font, glyphs] of streamOf(objects.get(content) ?? '').matchAll(
    /\/(F\d+) [\d.]+ Tf|<([0-9A-F]+)>/gi,
  ))
    if (font !== undefined) letters = fonts.get(font) ?? new Map();
    else for (const glyph of glyphs?.toUpperCase().match(/.{4}/g) ?? []) text += letters.get(glyph) ?? '';
  // Fonts have ligatures.
  return text.normalize('NFKC').replace(/\s/g, '');
}

/** What each glyph of a font stands for. */
function lettersOf(font: string, objects: Objects): ReadonlyMap<string, string> {
  const [, id = ''] = /\/ToUnicode (\d+) 0 R/.exec(objects.get(font) ?? '') ?? [];
  const map = streamOf(objects.get(id) ?? '');
  const letters = new Map<string, string>();
  for (const [, block = ''] of map.matchAll(/beginbfchar([\s\S]*?)endbfchar/g))
    for (const [, glyph = '', text = ''] of block.matchAll(/<(\w+)>\s*<(\w+)>/g))
      letters.set(glyph.toUpperCase(), utf16(text));
  for (const [, block = ''] of map.matchAll(/beginbfrange([\s\S]*?)endbfrange/g))
    for (const [, first = '', last = '', text = ''] of block.matchAll(/<(\w+)>\s*<(\w+)>\s*<(\w+)>/g)) {
      const [from, to, start] = [first, last, text].map((hex) => Number.parseInt(hex, 16));
      for (let glyph = from ?? 0; glyph <= (to ?? -1); glyph++)
        letters.set(hexOf(glyph), utf16(hexOf((start ?? 0) + glyph - (from ?? 0))));
    }
  return letters;
}

const hexOf = (value: number): string => value.toString(16).toUpperCase().padStart(4, '0');
