import type { PluginHost, ProgressReporter } from "@troupe/core";
import { wantsColour } from "./colour.js";
import { createGithubReporter } from "./github-reporter.js";
import { glyphsFor, WORDS_ONLY } from "./glyphs.js";
import { createLineReporter } from "./line-reporter.js";
import { createLiveReporter } from "./live-reporter.js";
import { createNdjsonReporter } from "./ndjson-reporter.js";
import { type ConsoleOptions, chooseMode } from "./reporter-options.js";
import { createWallClock } from "./wall-clock.js";

/** The reporter that fits: rows in a terminal, folded lines in GitHub Actions, lines elsewhere, NDJSON when asked for. */
export function createConsoleReporter(options: ConsoleOptions, host: PluginHost): ProgressReporter {
  const mode = chooseMode(options.mode ?? "auto", host);
  if (mode === "ndjson") return createNdjsonReporter(host);
  const wallClock = createWallClock(options.timeZone);
  const lines = { isColoured: wantsColour(host, options.color), wallClock, glyphs: glyphsFor(host) };
  if (mode === "live") return createLiveReporter(host, lines);
  if (mode === "github") return createGithubReporter(host, lines);
  return createLineReporter(host, mode === "plain" ? { ...lines, glyphs: WORDS_ONLY } : lines);
}
