import type { Change } from "./inodes.js";
import type { Random } from "./random.js";

/**
 * What is left of a change after a power loss. Of a write: nothing (`lost`), all, its first bytes and no more, its
 * first bytes with zeros in the place of the others (the size was kept, the data was not).
 */
export type Survival =
  | { readonly kind: "lost" }
  | { readonly kind: "whole" }
  | { readonly kind: "prefix"; readonly bytes: number; readonly zeros: boolean };

/** How a power loss treats what was not synced. */
export type LossStyle = "all" | "data" | "names" | "some";

/** Every style once, the harshest first. */
export const LOSS_STYLES: readonly LossStyle[] = ["all", "data", "names", "some"];

const LOST: Survival = { kind: "lost" };
const WHOLE: Survival = { kind: "whole" };

/**
 * `all`: everything unsynced is gone. `data`: names are kept, bytes are not (the empty file after a rename). `names`:
 * bytes are kept, names are not. `some`: any of it, torn or not.
 */
export function survivalOf(style: LossStyle, random: Random): (change: Change) => Survival {
  return (change) => {
    if (style === "all") return LOST;
    const isData = change.kind === "write" || change.kind === "truncate";
    if (style === "names") return isData ? WHOLE : LOST;
    if (style === "data") return isData ? (random.below(2) === 0 ? LOST : torn(change, 0, true)) : WHOLE;
    switch (random.below(4)) {
      case 0:
        return LOST;
      case 1:
        return torn(change, random.below(1 << 20), random.below(2) === 0);
      default:
        return WHOLE;
    }
  };
}

function torn(change: Change, at: number, zeros: boolean): Survival {
  if (change.kind !== "write") return LOST;
  return { kind: "prefix", bytes: at % Math.max(1, change.bytes.length), zeros };
}
