/**
 * One colour and one shape an architecture, in every chart and every report, so that a reader learns them once.
 *
 * Colours are those of Okabe and Ito and of Tol, which colour-blind readers tell apart; where two are close the shapes
 * differ. Each is readable on white and on black. Never colour alone.
 */
import { hash } from '../../architectures/random.js';

export interface Mark {
  readonly colour: string;
  /** A Vega symbol: its name, or an SVG path in a square from -1 to 1. */
  readonly shape: string;
}

const star =
  'M0,-1L0.24,-0.33L0.95,-0.31L0.39,0.13L0.59,0.81L0,0.41L-0.59,0.81L-0.39,0.13L-0.95,-0.31L-0.24,-0.33Z';
const hexagon = 'M0,-1L0.87,-0.5L0.87,0.5L0,1L-0.87,0.5L-0.87,-0.5Z';
const bowTie = 'M-0.9,-0.8L0.9,0.8L0.9,-0.8L-0.9,0.8Z';
const pentagon = 'M0,-1L0.95,-0.31L0.59,0.81L-0.59,0.81L-0.95,-0.31Z';

const reserved: Readonly<Record<string, Mark>> = {
  transformer: { colour: '#0072b2', shape: 'square' },
  fastformer: { colour: '#d55e00', shape: 'circle' },
  longformer: { colour: '#009e73', shape: 'triangle-up' },
  bigbird: { colour: '#aa4499', shape: 'diamond' },
  linformer: { colour: '#b58900', shape: 'triangle-down' },
  linear: { colour: '#4a90c2', shape: 'triangle-right' },
  poolingformer: { colour: '#994f00', shape: 'cross' },
  performer: { colour: '#5d8a00', shape: 'triangle-left' },
  reformer: { colour: '#7b6fd0', shape: star },
  'transformer-xl': { colour: '#c2557a', shape: hexagon },
  none: { colour: '#7a7a7a', shape: 'cross' },
  'naive-bayes': { colour: '#7a7a7a', shape: 'diamond' },
  chance: { colour: '#7a7a7a', shape: 'triangle-down' },
};

/** For plugins: no reserved architecture has these. */
const free: readonly Mark[] = [
  { colour: '#c0392b', shape: pentagon },
  { colour: '#2a8c8c', shape: bowTie },
  { colour: '#6a51a3', shape: pentagon },
  { colour: '#8c6d31', shape: bowTie },
  { colour: '#1f7a3f', shape: pentagon },
  { colour: '#b03a8c', shape: bowTie },
];

/**
 * The marks of some architectures. A plugin's mark follows from its name; where two plugins meet on one, the one that
 * is later in the alphabet takes the next that is free.
 */
export function marksOf(names: readonly string[]): ReadonlyMap<string, Mark> {
  const marks = new Map<string, Mark>();
  const taken = new Set<number>();
  for (const name of [...new Set(names)].toSorted()) {
    const known = Object.hasOwn(reserved, name) ? reserved[name] : undefined;
    let slot = (hash(name) >>> 0) % free.length;
    while (known === undefined && taken.has(slot) && taken.size < free.length)
      slot = (slot + 1) % free.length;
    if (known === undefined) taken.add(slot);
    const mark = known ?? free[slot];
    if (mark !== undefined) marks.set(name, mark);
  }
  return marks;
}

export const reservedNames: readonly string[] = Object.keys(reserved);

/** Frames of a square, a diamond and a triangle: further variants of one architecture have its colour and one of these. */
const variantShapes = [
  'M-1,-1H1V1H-1ZM-0.45,-0.45V0.45H0.45V-0.45Z',
  'M0,-1.2L1.2,0L0,1.2L-1.2,0ZM0,-0.6L-0.6,0L0,0.6L0.6,0Z',
  'M0,-1L1,0.8H-1ZM0,-0.2L-0.4,0.45H0.4Z',
];

/** The marks of what a chart shows, in the order given: one entry a title. */
export function scalesOf(shown: readonly { readonly title: string; readonly architecture: string }[]): {
  domain: string[];
  colours: string[];
  shapes: string[];
} {
  const marks = marksOf(shown.map(({ architecture }) => architecture));
  const titles = new Map(shown.map(({ title, architecture }) => [title, architecture]));
  const names = [...titles.values()];
  return {
    domain: [...titles.keys()],
    colours: names.map((name) => marks.get(name)?.colour ?? '#7a7a7a'),
    shapes: names.map((name, index) => {
      const earlier = names.slice(0, index).filter((other) => other === name).length;
      const variant = variantShapes[(earlier - 1) % variantShapes.length];
      return (earlier > 0 ? variant : marks.get(name)?.shape) ?? 'circle';
    }),
  };
}
