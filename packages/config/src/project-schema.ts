import { type AgentAccess, ID_PATTERN } from "@troupe/core";
import { z } from "zod";
import { command, limits, listOf, text, type WrittenLimits } from "./common-schema.js";

type Given<T> = T | null | undefined;

/** A plugin as a file names it: `name`, or `[name, options]`. */
export type WrittenPlugin = string | readonly [string] | readonly [string, unknown];

interface WrittenAgent {
  readonly plugin: WrittenPlugin;
  readonly options?: unknown;
  readonly persona?: Given<string>;
  readonly model?: Given<string>;
  readonly env?: Given<Readonly<Record<string, string>>>;
  readonly access?: Given<AgentAccess>;
}

/** A `troupe.yaml` whose values have the right form. */
export interface WrittenProject {
  readonly workflow?: Given<string>;
  readonly store?: Given<WrittenPlugin>;
  readonly executor?: Given<WrittenPlugin>;
  readonly reporters?: Given<readonly WrittenPlugin[]>;
  readonly agents?: Given<Readonly<Record<string, string | readonly unknown[] | WrittenAgent>>>;
  readonly checks?: Given<readonly (string | readonly string[])[]>;
  readonly secrets?: Given<readonly string[]>;
  readonly limits?: Given<WrittenLimits>;
  readonly notify?: unknown;
}

const PLUGIN = "a plugin: its name, or a list of name and options";
const pluginName = z.string({ error: PLUGIN }).regex(/\S/, { error: PLUGIN });
const plugin = z.union(
  [pluginName, z.tuple([pluginName], { error: PLUGIN }), z.tuple([pluginName, z.unknown()], { error: PLUGIN })],
  { error: PLUGIN },
);

/** Names of environment variables, and of agents: they are checked on the keys, so that each has its place. */
export const VARIABLE_PATTERN: RegExp = /^[A-Za-z_][A-Za-z0-9_]*$/;
export const AGENT_PATTERN: RegExp = ID_PATTERN;

const VARIABLE = "the name of an environment variable";
const ACCESS = '"readOnly", "ask", "edit" or "full"';
const AGENT = "a plugin (its name, or a list of name and options) or a map with a plugin";

const agent = z.strictObject(
  {
    plugin,
    options: z.unknown().optional(),
    persona: text.nullish(),
    model: text.nullish(),
    env: z.record(z.string(), z.string({ error: "a text" }), { error: "a map of environment variables" }).nullish(),
    access: z.enum(["readOnly", "ask", "edit", "full"], { error: ACCESS }).nullish(),
  },
  { error: AGENT },
);

/** The form of `troupe.yaml`, the source of its JSON Schema too. */
export const projectSchema: z.ZodType<WrittenProject> = z.strictObject(
  {
    workflow: text.nullish(),
    store: plugin.nullish(),
    executor: plugin.nullish(),
    reporters: listOf(plugin, "a list of plugins").nullish(),
    agents: z.record(z.string(), z.union([plugin, agent], { error: AGENT }), { error: "a map of agents" }).nullish(),
    checks: listOf(command, "a list of commands").nullish(),
    secrets: listOf(
      z.string({ error: VARIABLE }).regex(VARIABLE_PATTERN, { error: VARIABLE }),
      "a list of names of environment variables",
    ).nullish(),
    limits: limits.nullish(),
    notify: z.unknown().optional(),
  },
  { error: "a map" },
);
