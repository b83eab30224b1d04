import { describe, expect, it } from 'vitest';
import { parseEmail } from '../../../tasks/datasets/email.js';

const parse = (lines: string[], encoding: BufferEncoding = 'utf8') =>
  parseEmail(Buffer.from(lines.join('\n'), encoding));
const words = (text: string) => text.split(/\s+/).filter(Boolean).join(' ');

describe('parseEmail', () => {
  it('gives the subject, its continuation lines joined, and the body without other headers', () => {
    const email = parse([
      'From: a@b.c',
      'Subject: a long',
      '\tsubject',
      'X-Spam: yes',
      '',
      'Hello,',
      '',
      'there.',
    ]);
    expect(email).toEqual({ subject: 'a long subject', body: 'Hello,\n\nthere.' });
  });

  it('has an empty subject or body where there is none', () => {
    expect(parse(['From: a@b.c', '', 'Hello'])).toEqual({ subject: '', body: 'Hello' });
    expect(parse(['Subject: only'])).toEqual({ subject: 'only', body: '' });
    expect(parse([])).toEqual({ subject: '', body: '' });
  });

  it('does not take a line of the body for a header', () => {
    expect(parse(['From: a@b.c', '', 'Subject: not this']).subject).toBe('');
  });

  it('decodes quoted-printable and base64 bodies', () => {
    const quoted = ['Content-Transfer-Encoding: quoted-printable', '', 'caf=C3=A9 at =', 'nine'];
    expect(parse(quoted).body).toBe('café at nine');
    const base64 = Buffer.from('buy now').toString('base64');
    expect(parse(['Content-Type: text/plain', 'Content-Transfer-Encoding: base64', '', base64]).body).toBe(
      'buy now',
    );
  });

  it('reads bytes as UTF-8 where they are valid, else as Latin-1', () => {
    expect(parse(['Subject: x', '', 'café']).body).toBe('café');
    expect(parse(['Subject: x', '', 'café'], 'latin1').body).toBe('café');
  });

  it('decodes encoded words of the subject', () => {
    expect(parse(['Subject: =?iso-8859-1?Q?Caf=E9_tonight?= !', '', '']).subject).toBe('Café tonight !');
    expect(parse([`Subject: =?utf-8?B?${Buffer.from('naïve').toString('base64')}?=`, '', '']).subject).toBe(
      'naïve',
    );
  });

  it('keeps the words of HTML and drops tags, comments, scripts and styles', () => {
    const html = [
      '<html><style>p { color: red }</style><script>alert(1)</script>',
      '<p class="x">Fish &amp; chips<!-- hidden -->&nbsp;&#38; peas</p></html>',
    ];
    expect(words(parse(['Content-Type: text/html', '', ...html]).body)).toBe('Fish & chips & peas');
  });

  it('takes the plain one of alternatives, all parts of a mixed mail, and no attachment', () => {
    const parts = (kind: string) => [
      `Content-Type: multipart/${kind}; boundary="--=_x"`,
      '',
      'for old programs',
      '----=_x',
      'Content-Type: text/plain',
      '',
      'plain words',
      '----=_x',
      'Content-Type: text/html',
      '',
      '<b>bold</b> <html>words</html>',
      '----=_x',
      'Content-Type: image/png',
      '',
      'pixels',
      '----=_x--',
      'after the end',
    ];
    expect(words(parse(parts('alternative')).body)).toBe('plain words');
    expect(words(parse(parts('mixed')).body)).toBe('plain words bold words');
  });

  it('ends on parts nested without end', () => {
    const nested = Array.from({ length: 50 }, () => [
      'Content-Type: multipart/mixed; boundary=x',
      '',
      '--x',
    ]).flat();
    expect(parse([...nested, '', 'deep']).body).toContain('deep');
  });
});
