import type { PluginDefinition } from "@troupe/core";
import { type NotifyOptions, notifyOptions } from "./notify-options.js";
import { createNotifyReporter } from "./notify-reporter.js";

/** The reporter as `notify` of `troupe.yaml` makes it. */
const plugin: PluginDefinition<"reporter", NotifyOptions> = {
  kind: "reporter",
  name: "notify",
  apiVersion: 1,
  options: notifyOptions,
  create: (options, host) => createNotifyReporter(options, host),
};

export default plugin;
