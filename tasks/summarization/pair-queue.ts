/** A queue of pairs by how often they come, for counts that change: what is stale is put back when it comes up. */

export interface PairQueue {
  push(key: number, count: number): void;
  /** The key with the largest count, of equal counts the smallest key; null when nothing is left. */
  pop(countOf: (key: number) => number): number | null;
}

interface Entry {
  readonly key: number;
  readonly count: number;
}

const before = (a: Entry, b: Entry): boolean => a.count > b.count || (a.count === b.count && a.key < b.key);

/** A binary heap; every change of a count pushes the key again, so a count is never above the entry on top. */
export function pairQueue(): PairQueue {
  const heap: Entry[] = [];
  const swap = (i: number, j: number) => {
    [heap[i], heap[j]] = [heap[j] as Entry, heap[i] as Entry];
  };
  const isBefore = (i: number, j: number) => before(heap[i] as Entry, heap[j] as Entry);
  const push = (key: number, count: number) => {
    if (count <= 0) return;
    heap.push({ key, count });
    let at = heap.length - 1;
    for (let up = (at - 1) >> 1; at > 0 && isBefore(at, up); up = (at - 1) >> 1) {
      swap(at, up);
      at = up;
    }
  };
  const take = (): Entry | null => {
    if (heap.length === 0) return null;
    swap(0, heap.length - 1);
    const top = heap.pop() as Entry;
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let first = at;
      if (left < heap.length && isBefore(left, first)) first = left;
      if (right < heap.length && isBefore(right, first)) first = right;
      if (first === at) return top;
      swap(at, first);
      at = first;
    }
  };
  return {
    push,
    pop: (countOf) => {
      for (let entry = take(); entry !== null; entry = take())
        if (countOf(entry.key) === entry.count) return entry.key;
      return null;
    },
  };
}
