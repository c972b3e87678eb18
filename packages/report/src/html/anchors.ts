/** Ids of elements: letters, digits, hyphens and dots as they are, all else by its number, so that no two are alike. */
export function stageAnchor(id: string): string {
  return `stage-${id.replace(/[^A-Za-z0-9.-]/g, (character) => `_${character.codePointAt(0)}_`)}`;
}

/** Where a link to a stage leads: a stage whose turns are left out has only its place in the table, if that. */
export function stageHref(id: string, { linked }: { readonly linked: ReadonlySet<string> }): string {
  return linked.has(id) ? `#${stageAnchor(id)}` : "#stages";
}
