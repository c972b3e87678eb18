import type { Unit } from "./graph-units.js";

/** One place in a layer: a unit, or a line that only passes it. */
export interface Slot {
  readonly unit: Unit | null;
  readonly width: number;
  readonly height: number;
  /** Slots of the layer above that it is tied to. */
  readonly above: Slot[];
  readonly below: Slot[];
  /** Centre. */
  x: number;
  y: number;
}
