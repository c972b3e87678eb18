import type { PluginHost, ProgressReporter } from "@troupe/core";
import { wantsColour } from "./colour.js";
import { createLineReporter } from "./line-reporter.js";
import { createLiveReporter } from "./live-reporter.js";
import { createNdjsonReporter } from "./ndjson-reporter.js";
import { type ConsoleOptions, chooseMode } from "./reporter-options.js";
import { createWallClock } from "./wall-clock.js";

/** The reporter that fits: rows in a terminal, lines elsewhere, NDJSON when asked for. */
export function createConsoleReporter(options: ConsoleOptions, host: PluginHost): ProgressReporter {
  const mode = chooseMode(options.mode ?? "auto", host);
  if (mode === "ndjson") return createNdjsonReporter(host);
  const lines = { isColoured: wantsColour(host, options.color), wallClock: createWallClock(options.timeZone) };
  return mode === "live" ? createLiveReporter(host, lines) : createLineReporter(host, lines);
}
