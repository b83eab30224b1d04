/** Damages what was good: JSON by its structure, bytes by cutting, flipping, repeating. */
import fc from 'fast-check';

const oddities: readonly unknown[] = [
  null,
  '',
  -1,
  1e308,
  [],
  {},
  'x'.repeat(70_000),
  '../../etc/passwd',
  { __proto__: null, constructor: { prototype: { polluted: true } } },
  JSON.parse('{"__proto__": {"polluted": true}}'),
  true,
  1.5,
];

/** A place in a JSON value, by numbers that are taken modulo what there is, and what happens there. */
const changeArbitrary = fc.record({
  path: fc.array(fc.nat(1000), { minLength: 1, maxLength: 6 }),
  how: fc.constantFrom('replace', 'delete', 'add'),
  value: fc.oneof(fc.constantFrom(...oddities), fc.jsonValue()),
  key: fc.oneof(fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'id'), fc.string()),
});

/** The text of a value with one to three changes. */
export const mutatedJson = (good: unknown): fc.Arbitrary<string> =>
  fc.array(changeArbitrary, { minLength: 1, maxLength: 3 }).map((changes) => {
    const value = structuredClone(good);
    for (const { path, how, value: given, key } of changes) {
      const odd: unknown = JSON.parse(JSON.stringify(given)); // A copy: a later change may go on within it.
      let place = value as Record<string, unknown>;
      for (const [depth, step] of path.entries()) {
        const keys = Object.keys(place);
        const name = keys[step % Math.max(1, keys.length)];
        const inner = name === undefined ? null : place[name];
        if (depth < path.length - 1 && typeof inner === 'object' && inner !== null) {
          place = inner as Record<string, unknown>;
          continue;
        }
        if (how === 'add' || name === undefined)
          Object.defineProperty(place, key, {
            value: odd,
            enumerable: true,
            configurable: true,
            writable: true,
          });
        else if (how === 'delete') Reflect.deleteProperty(place, name);
        else place[name] = odd;
        break;
      }
    }
    return JSON.stringify(value);
  });

/** Bytes with one to four changes. */
export const mutatedBytes = (good: Uint8Array): fc.Arbitrary<Buffer> =>
  fc
    .array(
      fc.record({
        at: fc.nat(good.length - 1),
        how: fc.constantFrom('flip', 'cut', 'repeat', 'zero', 'insert'),
        byte: fc.nat(255),
        length: fc.integer({ min: 1, max: 64 }),
      }),
      { minLength: 1, maxLength: 4 },
    )
    .map((changes) =>
      changes.reduce((bytes, { at, how, byte, length }) => {
        const place = Math.min(at, Math.max(0, bytes.length - 1));
        const [before, after] = [bytes.subarray(0, place), bytes.subarray(place)];
        if (how === 'cut') return Buffer.from(before);
        if (how === 'repeat') return Buffer.concat([before, after.subarray(0, length), after]);
        if (how === 'zero') return Buffer.concat([before, Buffer.alloc(length), after.subarray(length)]);
        if (how === 'insert') return Buffer.concat([before, Buffer.alloc(length, byte), after]);
        const flipped = Buffer.from(bytes);
        if (place < flipped.length) flipped[place] = flipped[place]! ^ (1 << (byte % 8));
        return flipped;
      }, Buffer.from(good)),
    );
