import type { ReportStage } from "../report.js";
import { orderLayers } from "./graph-order.js";
import type { Slot } from "./graph-slot.js";
import type { Unit } from "./graph-units.js";

export const NODE: { readonly width: number; readonly height: number } = { width: 186, height: 44 };
const GAP = 16;
const LAYER_GAP = 34;
const BOX = { side: 12, top: 30, bottom: 12 } as const;
/** Room for a line that passes a layer. */
const LANE = 18;
const MOST_COLUMNS = 3;

/** A stage in the picture; `x`, `y` is its upper left corner. */
export interface PlacedStage {
  readonly stage: ReportStage;
  readonly x: number;
  readonly y: number;
}

interface PlacedBox {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** From the bottom of one unit to the top of another, through the lanes of the layers between. */
interface PlacedEdge {
  readonly from: Unit;
  readonly to: Unit;
  readonly path: string;
}

export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  readonly stages: readonly PlacedStage[];
  readonly boxes: readonly PlacedBox[];
  readonly edges: readonly PlacedEdge[];
}

/** Places a graph from top to bottom. */
export function layOut(units: readonly Unit[]): GraphLayout {
  const layers: Slot[][] = [];
  const slots = units.map((unit) => addSlot(layers, unit.layer, sizeOf(unit)));
  const chains = units.flatMap((unit) =>
    unit.needs.flatMap((need) => {
      const from = units[need];
      const [start, end] = [slots[need], slots[unit.index]];
      return from === undefined || start === undefined || end === undefined
        ? []
        : [{ from, to: unit, slots: tie(layers, start, from.layer, end, unit.layer) }];
    }),
  );
  orderLayers(layers, GAP);
  const heights = layers.map((layer) => Math.max(...layer.map(({ height }) => height)));
  let top = GAP;
  for (const [index, layer] of layers.entries()) {
    const height = heights[index] ?? 0;
    for (const slot of layer) slot.y = top + height / 2;
    top += height + LAYER_GAP;
  }
  const left = Math.min(...layers.flat().map((slot) => slot.x - slot.width / 2)) - GAP;
  for (const slot of layers.flat()) slot.x -= left;
  const width = Math.max(...layers.flat().map((slot) => slot.x + slot.width / 2)) + GAP;
  return {
    width,
    height: top - LAYER_GAP + GAP,
    stages: slots.flatMap(placeStages),
    boxes: slots.flatMap(placeBox),
    edges: chains.map(({ from, to, slots: chain }) => ({ from, to, path: pathOf(chain, layers, heights) })),
  };
}

function addSlot(layers: Slot[][], layer: number, of: Pick<Slot, "unit" | "width" | "height">): Slot {
  const slot: Slot = { ...of, above: [], below: [], x: 0, y: 0 };
  while (layers.length <= layer) layers.push([]);
  layers[layer]?.push(slot);
  return slot;
}

function sizeOf(unit: Unit): Pick<Slot, "unit" | "width" | "height"> {
  if (unit.group === null) return { unit, ...NODE };
  const columns = columnsOf(unit);
  const rows = Math.ceil(unit.stages.length / columns);
  return {
    unit,
    width: columns * NODE.width + (columns - 1) * GAP + 2 * BOX.side,
    height: rows * NODE.height + (rows - 1) * GAP + BOX.top + BOX.bottom,
  };
}

function columnsOf({ stages }: Unit): number {
  if (stages.length === 4) return 2;
  return Math.min(MOST_COLUMNS, stages.length);
}

/** A lane in each layer between two units. */
function tie(layers: Slot[][], start: Slot, from: number, end: Slot, to: number): readonly Slot[] {
  const chain = [start];
  for (let layer = from + 1; layer < to; layer += 1) {
    chain.push(addSlot(layers, layer, { unit: null, width: LANE, height: 0 }));
  }
  chain.push(end);
  for (const [index, slot] of chain.entries()) {
    const next = chain[index + 1];
    if (next === undefined) continue;
    slot.below.push(next);
    next.above.push(slot);
  }
  return chain;
}

function placeStages({ unit, x, y, width, height }: Slot): readonly PlacedStage[] {
  if (unit === null) return [];
  const [left, top] = [x - width / 2, y - height / 2];
  if (unit.group === null) return unit.stages.map((stage) => ({ stage, x: left, y: top }));
  const columns = columnsOf(unit);
  return unit.stages.map((stage, index) => ({
    stage,
    x: left + BOX.side + (index % columns) * (NODE.width + GAP),
    y: top + BOX.top + Math.floor(index / columns) * (NODE.height + GAP),
  }));
}

function placeBox({ unit, x, y, width, height }: Slot): readonly PlacedBox[] {
  if (unit?.group == null) return [];
  return [{ name: unit.group.name, x: x - width / 2, y: y - height / 2, width, height }];
}

function pathOf(chain: readonly Slot[], layers: readonly (readonly Slot[])[], heights: readonly number[]): string {
  const parts: string[] = [];
  for (const [index, slot] of chain.entries()) {
    const next = chain[index + 1];
    if (next === undefined) break;
    const from = slot.y + halfOf(slot, layers, heights);
    const to = next.y - halfOf(next, layers, heights) - (next.unit === null ? 0 : 5);
    const middle = (from + to) / 2;
    if (index === 0) parts.push(`M${Math.round(slot.x)} ${Math.round(slot.y + slot.height / 2)}V${Math.round(from)}`);
    else parts.push(`V${Math.round(from)}`);
    parts.push(
      slot.x === next.x
        ? `V${Math.round(to)}`
        : `C${[slot.x, middle, next.x, middle, next.x, to].map(Math.round).join(" ")}`,
    );
    const end = next.y - next.height / 2 - 5;
    // a line of no length would leave the arrow without a direction
    if (next.unit !== null && Math.round(end) !== Math.round(to)) parts.push(`V${Math.round(end)}`);
  }
  return parts.join("");
}

/** Curves bend only between layers, so that no line crosses a unit. */
function halfOf(slot: Slot, layers: readonly (readonly Slot[])[], heights: readonly number[]): number {
  const layer = layers.findIndex((each) => each.includes(slot));
  return (heights[layer] ?? slot.height) / 2;
}
