/**
 * Names beside points, without one on top of another: each takes the nearest free place round its point, and is tied to
 * it by a line where that is not right beside it. Places are computed when the report is built, so that every drawing of
 * the chart has the same.
 */

/** Pixels from the left and from the top. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

export interface Named extends Place {
  readonly title: string;
}

/** Where a name starts, at half its height. */
export interface Label extends Place {
  readonly title: string;
  /** So far from its point that a line should tie them. */
  readonly tied: boolean;
  /** Where such a line ends: the side of the name that is nearer to the point. */
  readonly tieX: number;
}

export interface Panel {
  readonly width: number;
  readonly height: number;
}

/** Of a letter at 12 pixels, on average and a little more. */
const letterWidth = 6.7;
const lineHeight = 15;
/** From a point to its name. */
const gap = 10;
const pointRadius = 6;

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** One label a point, in the order of the points; the topmost choose first. */
export function placeLabels(points: readonly Named[], panel: Panel): Label[] {
  const taken: Box[] = points.map(({ x, y }) => boxOf(x - pointRadius, 2 * pointRadius, y, 2 * pointRadius));
  const labels = new Map<Named, Label>();
  for (const point of points.toSorted((a, b) => a.y - b.y || a.x - b.x)) {
    const width = widthOf(point.title);
    const places = candidates(point, width);
    const cost = ({ x, y }: Place) => {
      const box = boxOf(x, width, y, lineHeight);
      const crowded = taken.reduce((sum, other) => sum + overlap(box, other), 0);
      return crowded + 4 * outside(box, panel);
    };
    // The first of the cheapest: places come in the order of their distance.
    const best = places.reduce((found, place) => (cost(place) < cost(found) ? place : found));
    taken.push(boxOf(best.x, width, best.y, lineHeight));
    const tieX = best.x > point.x ? best.x : best.x + width;
    const tied = Math.abs(best.y - point.y) > lineHeight || Math.abs(tieX - point.x) > 2 * gap;
    labels.set(point, {
      ...best,
      title: point.title,
      tied,
      tieX: best.x > point.x ? best.x : best.x + width,
    });
  }
  return points.flatMap((point) => labels.get(point) ?? []);
}

const widthOf = (title: string): number => letterWidth * title.length;

const boxOf = (left: number, width: number, middle: number, height: number): Box => ({
  left,
  right: left + width,
  top: middle - height / 2,
  bottom: middle + height / 2,
});

/** Right and left of the point, then higher and lower by whole lines, then further off to a side. */
function candidates({ x, y }: Place, width: number): [Place, ...Place[]] {
  const sides = [x + gap, x - gap - width, x + 5 * gap, x + 9 * gap, x - 5 * gap - width];
  const lines = [0, 1, 2, 3, 4, 5, 6];
  const shifts = lines.flatMap((line) => [-8 - line * lineHeight, 8 + line * lineHeight]);
  const places = sides.flatMap((side) => shifts.map((shift) => ({ x: side, y: y + shift })));
  const distance = (place: Place) => Math.abs(place.y - y) + 0.5 * distanceTo(place.x, place.x + width, x);
  return [{ x: x + gap, y: y - 8 }, ...places.toSorted((a, b) => distance(a) - distance(b))];
}

/** From a place to the nearer end of a stretch. */
const distanceTo = (left: number, right: number, place: number): number =>
  Math.min(Math.abs(left - place), Math.abs(right - place));

/** Of two boxes, in square pixels. */
const overlap = (a: Box, b: Box): number =>
  Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) *
  Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));

/** How far a box stands out of the panel, times its height. */
const outside = (box: Box, { width, height }: Panel): number =>
  lineHeight *
  (Math.max(0, -box.left) +
    Math.max(0, box.right - width) +
    Math.max(0, -box.top) +
    Math.max(0, box.bottom - height));
