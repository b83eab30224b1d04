import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Label, placeLabels } from '../../reports/charts/labels.js';

const panel = { width: 390, height: 230 };
const place = fc.record({
  title: fc.constantFrom('Fastformer', 'Transformer', 'Linear Transformer', 'No mixer'),
  x: fc.double({ min: 20, max: 250, noNaN: true }),
  y: fc.double({ min: 20, max: 210, noNaN: true }),
});

/** Of the text itself, a little less than the room that is kept for it. */
const overlaps = (a: Label, b: Label) => {
  const [wide, wider] = [6 * a.title.length, 6 * b.title.length];
  return a.x < b.x + wider && b.x < a.x + wide && Math.abs(a.y - b.y) < 11;
};

describe('names beside points', () => {
  it('stand right of a point that has room, without a line', () => {
    const [label] = placeLabels([{ title: 'Fastformer', x: 100, y: 100 }], panel);
    expect(label).toMatchObject({ x: 110, y: 92, tied: false });
  });

  it('stand left of a point at the right edge', () => {
    const [label] = placeLabels([{ title: 'Fastformer', x: 380, y: 100 }], panel);
    expect(label!.x + 6.7 * 'Fastformer'.length).toBeCloseTo(370, 6);
  });

  it('never lie on one another, however close six points are, and stay inside', () => {
    fc.assert(
      fc.property(fc.array(place, { minLength: 1, maxLength: 6 }), (points) => {
        const labels = placeLabels(points, panel);
        expect(labels.map(({ title }) => title)).toEqual(points.map(({ title }) => title));
        for (const [index, label] of labels.entries()) {
          expect(label.y).toBeGreaterThan(0);
          expect(label.y).toBeLessThan(panel.height);
          for (const other of labels.slice(index + 1)) expect(overlaps(label, other)).toBe(false);
        }
      }),
    );
  });

  it('are tied to their point when they had to move away', () => {
    const points = [1, 2, 3, 4, 5].map(() => ({ title: 'Linear Transformer', x: 120, y: 115 }));
    const labels = placeLabels(points, panel);
    expect(labels.some(({ tied }) => tied)).toBe(true);
    for (const { tied, y } of labels) if (!tied) expect(Math.abs(y - 115)).toBeLessThanOrEqual(15);
  });
});
