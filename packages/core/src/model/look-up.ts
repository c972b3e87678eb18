import { TroupeError } from "../errors/troupe-error.js";

/** What an index holds by construction. Throws `INTERNAL` for what is not there: a mistake of Troupe, never passed over. */
export function lookUp<Key extends string, Value>(index: Pick<ReadonlyMap<Key, Value>, "get">, key: Key): Value {
  const value = index.get(key);
  if (value === undefined) throw new TroupeError("INTERNAL", `nothing is known of ${key}`);
  return value;
}

/** As {@link lookUp}, by position. */
export function itemAt<Item>(items: ArrayLike<Item>, position: number): Item {
  const item = items[position];
  if (item === undefined) throw new TroupeError("INTERNAL", `nothing is known of position ${position}`);
  return item;
}
