import type { OptionsSchema, PluginDefinition } from "@troupe/core";
import { createStageRunner, type StageRunnerOptions } from "./stage-runner.js";

export { AGENT_ENVIRONMENT } from "@troupe/core";
export { createStageRunner, type StageRunnerOptions } from "./stage-runner.js";

const options: OptionsSchema<StageRunnerOptions> = {
  "~standard": {
    version: 1,
    vendor: "troupe",
    validate(value) {
      if (value === undefined || value === null) return { value: {} };
      if (typeof value !== "object" || Array.isArray(value)) return { issues: [{ message: "must be an object" }] };
      const unknown = Object.keys(value);
      if (unknown.length === 0) return { value: {} };
      return { issues: unknown.map((key) => ({ message: `unknown option "${key}": there are none`, path: [key] })) };
    },
  },
};

const plugin: PluginDefinition<"runner", StageRunnerOptions> = {
  kind: "runner",
  name: "stage-runner",
  apiVersion: 1,
  options,
  create: createStageRunner,
};
export default plugin;
