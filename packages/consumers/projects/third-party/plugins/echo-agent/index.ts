// An agent that says the last words of its prompt. Like any agent it could ask a model instead.
import type { PluginDefinition } from "@troupe/core";

interface Options {
  readonly words: number;
}

const plugin: PluginDefinition<"agent", Options> = {
  kind: "agent",
  name: "echo-agent",
  apiVersion: 1,
  options: {
    "~standard": {
      version: 1,
      vendor: "echo-agent",
      validate(value) {
        const { words } = Object(value);
        if (Number.isSafeInteger(words) && words > 0) return { value: { words } };
        return { issues: [{ message: "expected how many", path: ["words"] }] };
      },
    },
  },
  create: ({ words }) => ({
    async run({ stage, prompt }, context) {
      const output = `${stage} heard: ${prompt.trim().split(/\s+/).slice(-words).join(" ")}`;
      context.output(new TextEncoder().encode(`${output}\n`)); // for the log
      return { output, session: null, usage: null };
    },
  }),
};
export default plugin;
