/** Ids of elements: letters, digits, hyphens and dots as they are, all else by its number, so that no two are alike. */
export function stageAnchor(id: string): string {
  return `stage-${id.replace(/[^A-Za-z0-9.-]/g, (character) => `_${character.codePointAt(0)}_`)}`;
}
