/** The end of a path to an item of a list, or to the whole list. */
export function itemPath(item: number | undefined): readonly number[] {
  return item === undefined ? [] : [item];
}
