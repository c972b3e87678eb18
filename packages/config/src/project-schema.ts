import type { AgentAccess } from "@troupe/core";
import * as z from "zod";
import { check, type WrittenCheck } from "./check-schema.js";
import { limits, listOf, text, type WrittenLimits } from "./common-schema.js";
import { hooks, type WrittenHook } from "./notify-schema.js";
import { VARIABLE_PATTERN } from "./project-names.js";

type Given<T> = T | null | undefined;

/** A plugin as a file names it: `name`, or `[name, options]`. */
export type WrittenPlugin = string | readonly [string] | readonly [string, unknown];

interface WrittenAgent {
  readonly plugin: WrittenPlugin;
  readonly options?: unknown;
  readonly persona?: Given<string>;
  readonly model?: Given<string>;
  readonly env?: Given<Readonly<Record<string, string | { readonly from: string }>>>;
  readonly access?: Given<AgentAccess>;
}

/** A `troupe.yaml` whose values have the right form. */
export interface WrittenProject {
  readonly workflow?: Given<string>;
  readonly store?: Given<WrittenPlugin>;
  readonly executor?: Given<WrittenPlugin>;
  readonly reporters?: Given<readonly WrittenPlugin[]>;
  readonly agents?: Given<Readonly<Record<string, string | readonly unknown[] | WrittenAgent>>>;
  readonly checks?: Given<readonly WrittenCheck[]>;
  readonly secrets?: Given<readonly (string | { readonly name: string; readonly file: string })[]>;
  readonly limits?: Given<WrittenLimits>;
  readonly notify?: Given<readonly WrittenHook[]>;
}

const PLUGIN = "a plugin: its name, or a list of name and options";
const pluginName = z.string({ error: PLUGIN }).regex(/\S/, { error: PLUGIN });
const plugin = z.union(
  [pluginName, z.tuple([pluginName], { error: PLUGIN }), z.tuple([pluginName, z.unknown()], { error: PLUGIN })],
  { error: PLUGIN },
);

const VARIABLE = "the name of an environment variable";
const SECRET = "the name of an environment variable, or a map of name and file";
const ENV_VALUE = "a text, or a map with from: the name of an environment variable or of a secret";
const ACCESS = '"readOnly", "ask", "edit" or "full"';
const AGENT = "a plugin (its name, or a list of name and options) or a map with a plugin";

const variable = z.string({ error: VARIABLE }).regex(VARIABLE_PATTERN, { error: VARIABLE });
const secretFile = z.strictObject(
  {
    name: variable.meta({ description: "What stands in the place of the value, and what env of an agent calls it." }),
    file: z
      .string({ error: "a path" })
      .regex(/\S/, { error: "a path" })
      .meta({
        description: "File that holds the value and nothing else, from this file's folder.",
        examples: ["/run/secrets/deploy-key"],
      }),
  },
  { error: SECRET },
);
const environmentValue = z.union(
  [
    z.string({ error: ENV_VALUE }),
    z.strictObject(
      { from: variable.meta({ description: "Environment variable, or secret by file, that has the value." }) },
      { error: ENV_VALUE },
    ),
  ],
  { error: ENV_VALUE },
);

const agent = z.strictObject(
  {
    plugin: plugin.meta({
      description: "Package name, or path from this file's folder, of the agent plugin; with options: [name, options].",
      examples: ["@troupe/agent-command"],
    }),
    options: z.unknown().optional().meta({ description: "Options of the plugin; its README names them." }),
    persona: text.nullish().meta({
      description: "Persona of the agent, for allowed_personas and for prompts.",
      examples: ["builder", "reviewer", "project_manager"],
    }),
    model: text.nullish().meta({ description: "Model that the agent is asked to use." }),
    env: z
      .record(z.string(), environmentValue, { error: "a map of environment variables" })
      .nullish()
      .meta({
        description:
          "Environment variables of the agent, besides the usual ones. A secret never as text: { from: NAME }.",
        examples: [{ DEPLOY_TOKEN: { from: "DEPLOY_TOKEN" } }],
      }),
    access: z.enum(["readOnly", "ask", "edit", "full"], { error: ACCESS }).nullish().meta({
      description:
        "What the agent may do: only read; ask the person at the terminal before anything else; also change files without asking; everything. One that cannot be held to it is refused.",
      default: "full",
    }),
  },
  { error: AGENT },
);

/** The form of `troupe.yaml`, the source of its JSON Schema too. */
export const projectSchema: z.ZodType<WrittenProject> = z.strictObject(
  {
    workflow: text.nullish().meta({
      description: "Workflow file, from this file's folder. Default: stages.yaml, else the built-in workflow.",
      examples: ["stages.yaml"],
    }),
    store: plugin.nullish().meta({
      description: "Plugin that keeps the runs.",
      default: "@troupe/store-fs",
    }),
    executor: plugin.nullish().meta({
      description: "Plugin that performs turns side by side.",
      default: "@troupe/executor-parallel",
      examples: [["@troupe/executor-parallel", { concurrency: 4 }]],
    }),
    reporters: listOf(plugin, "a list of plugins")
      .nullish()
      .meta({
        description: "Plugins that show what is going on; []: none.",
        default: ["@troupe/progress-console"],
      }),
    agents: z
      .record(z.string(), z.union([plugin, agent], { error: AGENT }), { error: "a map of agents" })
      .nullish()
      .meta({
        description: "Who serves the agent ids of the workflow; default serves every id without an entry.",
        examples: [{ default: ["@troupe/agent-command", { command: ["my-agent", "-p"] }] }],
      }),
    checks: listOf(check, "a list of commands")
      .nullish()
      .meta({
        description: "Commands that decide acceptance test stages without checks of their own.",
        examples: [["npm test"], [{ run: "npm test", report: "reports/junit.xml" }]],
      }),
    secrets: listOf(z.union([variable, secretFile], { error: SECRET }), "a list of secrets")
      .nullish()
      .meta({
        description: "Environment variables, or files, whose values are masked in everything that is written.",
        examples: [["DEPLOY_TOKEN", { name: "SIGNING_KEY", file: "/run/secrets/signing-key" }]],
      }),
    limits: limits.nullish().meta({ description: "Limits of every run; flags and objectives go before them." }),
    notify: hooks.nullish().meta({
      description: "Who is told when a run ends or waits for a person, and how.",
      examples: [["desktop", { slack: { from: "SLACK_WEBHOOK_URL" }, events: ["failed", "approval"] }]],
    }),
  },
  { error: "a map" },
);
