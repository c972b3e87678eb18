import type { PluginDefinition } from "@troupe/core";
import { type ExecutorOptions, executorOptions } from "./executor-options.js";
import { ParallelStageExecutor } from "./parallel-stage-executor.js";

/** The executor as `troupe.yaml` names it. */
const plugin: PluginDefinition<"executor", ExecutorOptions> = {
  kind: "executor",
  name: "parallel",
  apiVersion: 1,
  options: executorOptions,
  create: (options, host) => new ParallelStageExecutor({ ...options, runner: host.runner }),
};

export default plugin;
