import type { PluginDefinition } from "@troupe/core";
import { createConsoleReporter } from "./console-reporter.js";
import { type ConsoleOptions, consoleOptions } from "./reporter-options.js";

/** The reporter as `troupe.yaml` names it. */
const plugin: PluginDefinition<"reporter", ConsoleOptions> = {
  kind: "reporter",
  name: "console",
  apiVersion: 1,
  options: consoleOptions,
  create: createConsoleReporter,
};

export default plugin;
