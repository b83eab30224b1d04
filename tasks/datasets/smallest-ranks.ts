/**
 * A random sample of a stream whose length is not known: those items are kept whose ranks are smallest. With ranks that
 * are random numbers each item has the same chance, and a smaller sample is a part of a larger one.
 */

export interface Sample<Item> {
  add(item: Item, rank: number): void;
  /** At most `most` items, or all that are kept, in the order in which they came. */
  items(most?: number): Item[];
}

export function smallestRanks<Item>(size: number): Sample<Item> {
  let kept: { item: Item; rank: number; place: number }[] = [];
  let places = 0;
  let bound = Infinity;
  /** Sorting twice the sample each time it is full costs little for each item. */
  const prune = () => {
    if (kept.length <= size) return;
    kept = kept.sort((a, b) => a.rank - b.rank || a.place - b.place).slice(0, size);
    bound = kept.at(-1)?.rank ?? -Infinity;
  };
  return {
    add: (item, rank) => {
      places += 1;
      if (rank > bound) return;
      kept.push({ item, rank, place: places });
      if (kept.length >= 2 * size) prune();
    },
    items: (most = size) => {
      prune();
      const byRank = kept.toSorted((a, b) => a.rank - b.rank || a.place - b.place).slice(0, most);
      return byRank.sort((a, b) => a.place - b.place).map(({ item }) => item);
    },
  };
}
