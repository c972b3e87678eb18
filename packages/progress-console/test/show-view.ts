import type { ProgressEvent } from "@troupe/core";
import { createConsoleModel } from "../src/create-console-model.js";
import { view } from "../src/view.js";
import { createWallClock } from "../src/wall-clock.js";
import { START } from "./run-script.js";

/** The view `seconds` after the start, between two line breaks. */
export function shown(seconds: number, events: readonly ProgressEvent[], columns = 80, rows = 24): string {
  const model = createConsoleModel(createWallClock("UTC"));
  for (const event of events) model.apply(event);
  return `\n${view(model.at(START + seconds * 1000), { columns, rows }).join("\n")}\n`;
}
