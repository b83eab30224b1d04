/**
 * Which speed child works now.
 *
 * Most of the life of a child with a small cell is not timed: before, node and the backend start and the graph is built;
 * after, memory and products are counted. So two of them may live at a time, and each asks before its timed part and
 * after it. Work that is not timed goes on side by side; whoever is timed has the machine to itself, while all others
 * wait, silently, on their channel.
 */

/** What a child does next. */
export type Part = 'timed' | 'untimed';

/** A child, as the gate sees it. */
export interface Held {
  /** It has asked, and waits from now on. */
  readonly hold: () => void;
  /** It may go on. */
  readonly go: () => void;
}

export interface Gate {
  /** Whether a child may start: none is timed. */
  readonly isOpen: () => boolean;
  /** A child starts, with work that is not timed. */
  readonly enter: (child: Held) => void;
  /** A child asks to go on, and waits until `advance` says so. Means nothing while it waits already. */
  readonly ask: (child: Held, part: Part) => void;
  /** A child has ended, and what its end asks of the parent is done. */
  readonly leave: (child: Held) => void;
  /** Once nobody works: the next that is to be timed goes on, alone; when there is none, all go on. */
  readonly advance: () => void;
}

interface State {
  readonly part: Part;
  readonly waits: boolean;
}

export function createGate(): Gate {
  const inside = new Map<Held, State>();
  const goOn = (child: Held, part: Part) => {
    inside.set(child, { part, waits: false });
    child.go();
  };
  return {
    isOpen: () => [...inside.values()].every(({ part, waits }) => waits || part === 'untimed'),
    enter: (child) => inside.set(child, { part: 'untimed', waits: false }),
    ask: (child, part) => {
      if (inside.get(child)?.waits !== false) return;
      inside.set(child, { part, waits: true });
      child.hold();
    },
    leave: (child) => inside.delete(child),
    advance: () => {
      const all = [...inside];
      if (all.some(([, { waits }]) => !waits)) return;
      const [next] = all.find(([, { part }]) => part === 'timed') ?? [];
      if (next !== undefined) goOn(next, 'timed');
      else for (const [child] of all) goOn(child, 'untimed');
    },
  };
}
