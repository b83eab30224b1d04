/** Each pair of two items once, in the order of the list. */
export const allPairs = <Item>(items: readonly Item[]): [Item, Item][] =>
  items.flatMap((first, place) => items.slice(place + 1).map((second): [Item, Item] => [first, second]));
