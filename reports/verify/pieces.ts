/** A page of ours as a list of pieces, each with its place: what `verify-report` compares. Not a reader of any HTML. */

export interface Piece {
  /** A tag as it stands, or text. */
  readonly kind: 'tag' | 'text';
  /** Of text, with entities read. */
  readonly content: string;
  /** `Table 4: classification › IMDB: mean over seeds › Fastformer › Accuracy, ours` */
  readonly place: string;
}

/** Escapes of Handlebars and of Vega. */
const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#x27;': "'",
  '&#x60;': '`',
  '&#x3D;': '=',
  '&nbsp;': ' ',
};

const readEntities = (text: string): string =>
  text.replace(/&(?:#x?[0-9A-F]+|\w+);/gi, (entity) => entities[entity] ?? entity);

interface HeaderCell {
  text: string;
  readonly span: number;
}

/** Where in a table the reader of the pieces is. */
class TablePlace {
  private readonly lines: { readonly corner: boolean; readonly cells: HeaderCell[] }[] = [];
  private inHead = false;
  private row = '';
  private column = -1;

  tag(name: string, tag: string): void {
    if (name === 'thead') this.inHead = true;
    if (name === 'tbody') this.inHead = false;
    if (name === 'tr') [this.row, this.column] = ['', -1];
    if (!this.inHead && name === 'td') this.column += 1;
    if (!this.inHead || (name !== 'th' && name !== 'td')) return;
    // A line of names of groups begins with an empty cell over the first column.
    if (this.column === -1) this.lines.push({ corner: name === 'th', cells: [] });
    this.column = 0;
    const span = Number(/colspan="(\d+)"/.exec(tag)?.[1] ?? 1);
    if (name === 'th') this.lines.at(-1)?.cells.push({ text: '', span });
  }

  heading(text: string): void {
    const cell = this.inHead ? this.lines.at(-1)?.cells.at(-1) : undefined;
    if (cell === undefined) this.row += text;
    else cell.text += text;
  }

  names(): string[] {
    if (this.inHead || this.column < 0) return [this.row];
    const above = this.lines.flatMap(({ corner, cells }) => {
      const position = this.column + (corner && this.row !== '' ? 1 : 0);
      let end = 0;
      return cells.find(({ span }) => (end += span) > position)?.text ?? [];
    });
    return [this.row, above.length === 0 ? `column ${this.column + 1}` : above.join(', ')];
  }
}

/** Where in the page the reader of the pieces is: from the section down to the column of a table. */
class Place {
  /** Over a title: where the table stands in the paper. */
  private kicker = '';
  private section = '';
  private setting = '';
  private part = '';
  private table: TablePlace | null = null;
  private open = '';

  tag(tag: string): void {
    const [, end, name = ''] = /^<(\/?)([a-z0-9-]+)/i.exec(tag) ?? [];
    this.open = end === '/' ? '' : name;
    if (end === '/') {
      if (name === 'table') this.table = null;
      return;
    }
    if (tag.includes('class="kicker"')) [this.kicker, this.open] = ['', 'kicker'];
    if (name === 'h1' || name === 'h2') [this.section, this.setting, this.part] = ['', '', ''];
    if (name === 'h3') [this.setting, this.part] = ['', ''];
    if (name === 'figure' || name === 'caption') this.part = '';
    if (name === 'table') this.table = new TablePlace();
    this.table?.tag(name, tag);
  }

  text(text: string): void {
    const { open } = this;
    if (open === 'kicker') this.kicker = text;
    else if (open === 'h1' || open === 'h2') {
      this.section = this.kicker === '' ? text : `${this.kicker}: ${text}`;
      this.kicker = '';
    } else if (open === 'h3') this.setting += text;
    else if (open === 'caption' || (open === 'strong' && this.part === '')) this.part = text;
    else if (open === 'th') this.table?.heading(text);
  }

  toString(): string {
    const names = [this.section, this.setting, this.part, ...(this.table?.names() ?? [])];
    return names.filter((part) => part !== '').join(' › ');
  }
}

/** Every tag and every text of the page, in order; scripts and styles are one text each. */
export function piecesOf(html: string): Piece[] {
  const place = new Place();
  const pieces: Piece[] = [];
  const pattern = /<(script|style)\b[^>]*>([\s\S]*?)<\/\1>|<!--[\s\S]*?-->|<[^>]*>|[^<]+/g;
  for (const [whole, element, inner = ''] of html.matchAll(pattern)) {
    if (element !== undefined) {
      const [opening = ''] = /^<[^>]*>/.exec(whole) ?? [];
      pieces.push({ kind: 'tag', content: `${opening}${inner}`, place: `the page’s ${element}` });
    } else if (whole.startsWith('<')) {
      place.tag(whole);
      pieces.push({ kind: 'tag', content: whole, place: place.toString() });
    } else if (whole.trim() !== '') {
      const content = readEntities(whole).replace(/\s+/g, ' ').trim();
      place.text(content);
      pieces.push({ kind: 'text', content, place: place.toString() });
    }
  }
  return pieces;
}
