/**
 * The words a person reads in an e-mail: its subject and its body, decoded, without headers and markup.
 *
 * Enough of MIME (RFC 2045-2047) for a corpus of 2002: transfer encodings, parts, HTML to text. What cannot be decoded
 * stays as it is.
 */
import { isUtf8 } from 'node:buffer';

export interface Email {
  readonly subject: string;
  readonly body: string;
}

/** Parts inside parts are followed this deep. */
const maxDepth = 4;

export function parseEmail(bytes: Buffer): Email {
  // One character a byte, so that a part's bytes can be had back once its encoding is known.
  const { headers, body } = splitHeaders(bytes.toString('latin1'));
  return { subject: decodeSubject(header(headers, 'subject')), body: readPart(headers, body, 0).trim() };
}

function splitHeaders(text: string): { headers: string; body: string } {
  const end = /\r?\n\r?\n/.exec(text);
  if (end === null) return { headers: text, body: '' };
  return { headers: text.slice(0, end.index), body: text.slice(end.index + end[0].length) };
}

/** A header's value with continuation lines joined; empty when there is none. */
function header(headers: string, name: string): string {
  const match = new RegExp(`^${name}:[ \\t]*(.*(?:\\r?\\n[ \\t].*)*)`, 'im').exec(headers);
  return (match?.[1] ?? '').replace(/\r?\n[ \t]+/g, ' ').trim();
}

/** The readable text of a message or of one of its parts: of alternatives the plain one, never an attachment. */
function readPart(headers: string, body: string, depth: number): string {
  const type = header(headers, 'content-type');
  const boundary = /boundary\s*=\s*(?:"([^"]+)"|([^\s;]+))/i.exec(type);
  if (/^multipart\//i.test(type) && boundary !== null && depth < maxDepth) {
    return readParts(
      body,
      `--${boundary[1] ?? boundary[2] ?? ''}`,
      /^multipart\/alternative/i.test(type),
      depth,
    );
  }
  if (type !== '' && !/^(?:text|multipart)\b/i.test(type)) return '';
  const text = decodeText(decodeTransfer(body, header(headers, 'content-transfer-encoding')));
  return /^text\/html/i.test(type) || /<(?:html|body|table)\b/i.test(text) ? htmlToText(text) : text;
}

function readParts(body: string, delimiter: string, alternatives: boolean, depth: number): string {
  // What stands before the first delimiter and after the last is not part of the message.
  const pieces = body.split(delimiter).slice(1);
  const parts = pieces
    .filter((piece) => !piece.startsWith('--'))
    .map((piece) => {
      const part = splitHeaders(piece.replace(/^[ \t]*\r?\n/, '\n'));
      return readPart(part.headers, part.body, depth + 1);
    });
  const readable = parts.filter((text) => text.trim() !== '');
  return alternatives ? (readable[0] ?? '') : readable.join('\n');
}

function decodeTransfer(body: string, encoding: string): string {
  if (/^base64/i.test(encoding)) return Buffer.from(body, 'base64').toString('latin1');
  if (/^quoted-printable/i.test(encoding)) return decodeQuotedPrintable(body.replace(/=[ \t]*\r?\n/g, ''));
  return body;
}

const decodeQuotedPrintable = (text: string): string =>
  text.replace(/=([0-9A-F]{2})/gi, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)));

/** UTF-8 where the bytes are valid UTF-8, else Latin-1: what the headers declare is often wrong. */
function decodeText(latin1: string): string {
  const bytes = Buffer.from(latin1, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : latin1;
}

/** `=?charset?Q?text?=` and `=?charset?B?text?=`. */
function decodeSubject(subject: string): string {
  const decoded = subject.replace(/=\?[^?\s]+\?([QB])\?([^?]*)\?=/gi, (_, kind: string, text: string) =>
    kind.toUpperCase() === 'B'
      ? Buffer.from(text, 'base64').toString('latin1')
      : decodeQuotedPrintable(text.replaceAll('_', ' ')),
  );
  return decodeText(decoded);
}

const entities: Readonly<Record<string, string>> = { nbsp: ' ', amp: '&', lt: '<', gt: '>', quot: '"' };

function htmlToText(html: string): string {
  return html
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^<>]*>/g, ' ')
    .replace(/&(\w+);?/g, (whole, name: string) => entities[name.toLowerCase()] ?? whole)
    .replace(/&#(\d{1,5});?/g, (_, code: string) => String.fromCharCode(Number(code)));
}
