import type { Slot } from "./graph-slot.js";

const SWEEPS = 6;

/** Orders the slots of each layer so that few lines cross, and sets their `x` so that lines are short. */
export function orderLayers(layers: readonly Slot[][], gap: number): void {
  for (const layer of layers) pack(layer, gap);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const isDown = sweep % 2 === 0;
    for (const layer of isDown ? layers : layers.toReversed()) {
      const wanted = new Map(layer.map((slot) => [slot, meanOf(isDown ? slot.above : slot.below) ?? slot.x]));
      layer.sort((one, other) => (wanted.get(one) ?? 0) - (wanted.get(other) ?? 0));
      place(layer, wanted, gap);
    }
  }
  for (const layer of layers) {
    const wanted = new Map(layer.map((slot) => [slot, meanOf([...slot.above, ...slot.below]) ?? slot.x]));
    place(layer, wanted, gap);
  }
}

/** Side by side around 0. */
function pack(layer: readonly Slot[], gap: number): void {
  const total = layer.reduce((sum, { width }) => sum + width + gap, -gap);
  let x = -total / 2;
  for (const slot of layer) {
    slot.x = x + slot.width / 2;
    x += slot.width + gap;
  }
}

/** As near to where each wants to be as the others let it: the mean of pushing from the left and from the right. */
function place(layer: readonly Slot[], wanted: ReadonlyMap<Slot, number>, gap: number): void {
  const fromLeft = pushed(layer, wanted, gap, 1);
  const fromRight = pushed(layer.toReversed(), wanted, gap, -1).toReversed();
  for (const [index, slot] of layer.entries()) slot.x = ((fromLeft[index] ?? 0) + (fromRight[index] ?? 0)) / 2;
}

function pushed(
  layer: readonly Slot[],
  wanted: ReadonlyMap<Slot, number>,
  gap: number,
  direction: 1 | -1,
): readonly number[] {
  const places: number[] = [];
  let edge = -Infinity;
  for (const slot of layer) {
    const x = Math.max((wanted.get(slot) ?? 0) * direction, edge + slot.width / 2);
    edge = x + slot.width / 2 + gap;
    places.push(x * direction);
  }
  return places;
}

function meanOf(slots: readonly Slot[]): number | null {
  return slots.length === 0 ? null : slots.reduce((sum, { x }) => sum + x, 0) / slots.length;
}
