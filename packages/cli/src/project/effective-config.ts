import { DEFAULT_LIMITS, type Json, type RunLimits } from "@troupe/core";
import type { CommandContext } from "../command-context.js";
import { writeDuration } from "../print/write-duration.js";
import { wantsColour } from "./diagnosed-files.js";
import { findWorkflowFile } from "./read-workflow.js";

/** Where a value comes from: a flag goes before the environment, that before a file, that before the default. */
type ConfigOrigin = "flag" | "environment" | "file" | "default";

/** One value that is in force, as it would be written in the file. */
export interface ConfigValue {
  readonly key: string;
  readonly value: Json;
  readonly origin: ConfigOrigin;
  /** The flag, the variable, or the file with its line; null = a default. */
  readonly from: string | null;
}

/** Everything that a run here would be shaped by, each value with its origin. Values of secrets are not in it. */
export async function effectiveConfig(context: CommandContext): Promise<readonly ConfigValue[]> {
  return [
    ...placesOf(context),
    await workflowOf(context),
    ...pluginsOf(context),
    ...limitsOf(context),
    ...outputOf(context),
  ];
}

function inFile({ project, files, settings }: CommandContext, key: Parameters<typeof settings.locate>[0]): string {
  return `${files.nameOf(project.file ?? "troupe.yaml")}:${settings.locate(key).line}`;
}

function placesOf({ options, cwd, project, host }: CommandContext): readonly ConfigValue[] {
  const byConfig = options.config !== undefined;
  const found = project.file === null ? null : "found from the working folder upward";
  return [
    options.cwd === undefined
      ? { key: "cwd", value: cwd, origin: "default", from: null }
      : { key: "cwd", value: cwd, origin: "flag", from: "--cwd" },
    { key: "project.folder", value: project.folder, ...(byConfig ? byFlag("--config") : byDefault()) },
    {
      key: "project.file",
      value: project.file,
      origin: byConfig ? "flag" : "default",
      from: byConfig ? "--config" : found,
    },
    { key: "project.state", value: project.stateFolder, origin: "default", from: null },
    host.environment.TROUPE_DEBUG === undefined
      ? { key: "debug", value: false, ...byDefault() }
      : { key: "debug", value: true, origin: "environment", from: "TROUPE_DEBUG" },
  ];
}

async function workflowOf(context: CommandContext): Promise<ConfigValue> {
  const { cwd, project, settings, files } = context;
  const file = await findWorkflowFile(undefined, cwd, project, settings);
  if (file === null) return { key: "workflow", value: "built-in", ...byDefault() };
  if (settings.workflow === null)
    return { key: "workflow", value: files.nameOf(file), origin: "file", from: "stages.yaml" };
  return { key: "workflow", value: files.nameOf(file), origin: "file", from: inFile(context, "workflow") };
}

function pluginsOf(context: CommandContext): readonly ConfigValue[] {
  const { settings, files, project, options } = context;
  const file = files.nameOf(project.file ?? "troupe.yaml");
  const one = (key: "store" | "executor", fallback: string): ConfigValue => {
    const plugin = settings[key];
    if (plugin === null) return { key, value: fallback, ...byDefault() };
    return { key, value: plugin.name, origin: "file", from: `${file}:${plugin.line}` };
  };
  const { reporters, checks, agents, notify, secrets } = settings;
  const isQuiet = options.quiet === true && options.json !== true;
  return [
    one("store", "fs"),
    one("executor", "parallel"),
    reporters === null
      ? { key: "reporters", value: isQuiet ? [] : ["console"], ...(isQuiet ? byFlag("--quiet") : byDefault()) }
      : {
          key: "reporters",
          value: reporters.map(({ name }) => name),
          origin: "file",
          from: inFile(context, "reporters"),
        },
    ...Object.entries(agents).map(([id, { reference, model, access, persona, line }]) => ({
      key: `agents.${id}`,
      value: { plugin: reference.name, model, access, persona },
      origin: "file" as const,
      from: `${file}:${line}`,
    })),
    ...(checks.length === 0
      ? []
      : [{ key: "checks", value: checks.map(checkText), origin: "file" as const, from: inFile(context, "checks") }]),
    ...notify.map(({ kind, events }, index) => ({
      key: `notify.${index + 1}`,
      value: { kind, events },
      origin: "file" as const,
      from: inFile(context, "notify"),
    })),
    ...secrets.names.map((name) => ({
      key: `secrets.${name}`,
      value: "(masked)",
      origin: "file" as const,
      from: inFile(context, "secrets"),
    })),
  ];
}

function checkText(check: CommandContext["settings"]["checks"][number]): string {
  return "shell" in check ? check.shell : check.argv.join(" ");
}

/** By the names that they have in the file. */
const LIMITS: Readonly<Record<string, keyof RunLimits>> = {
  duration: "durationMs",
  cost: "costUsd",
  tokens: "tokens",
  wait: "waitMs",
  concurrency: "concurrency",
};

function limitsOf(context: CommandContext): readonly ConfigValue[] {
  const given = context.settings.limits;
  return Object.entries(LIMITS).map(([name, limit]) => {
    const key = `limits.${name}`;
    const isDuration = limit === "durationMs" || limit === "waitMs";
    const written = (value: number | null): Json => (value !== null && isDuration ? writeDuration(value) : value);
    const value = given[limit];
    if (value === undefined) return { key, value: written(DEFAULT_LIMITS[limit]), ...byDefault() };
    return { key, value: written(value), origin: "file", from: inFile(context, "limits") };
  });
}

function outputOf({ options, host }: CommandContext): readonly ConfigValue[] {
  const { environment, stderr } = host;
  const variable = ["FORCE_COLOR", "NO_COLOR"].find((name) => (environment[name] ?? "") !== "");
  const dumb = environment.TERM === "dumb" ? "TERM" : undefined;
  const value = options.color ?? wantsColour(environment, stderr.isTerminal);
  const from = variable ?? dumb;
  const colour =
    options.color !== undefined
      ? byFlag(options.color ? "--color" : "--no-color")
      : from !== undefined
        ? { origin: "environment" as const, from }
        : byDefault();
  return [
    { key: "output.color", value, ...colour },
    {
      key: "output.plain",
      value: options.plain === true,
      ...(options.plain === true ? byFlag("--plain") : byDefault()),
    },
    {
      key: "output.input",
      value: host.ask !== null && options.input !== false,
      ...(options.input === false ? byFlag("--no-input") : byDefault()),
    },
  ];
}

function byFlag(flag: string): Pick<ConfigValue, "origin" | "from"> {
  return { origin: "flag", from: flag };
}

function byDefault(): Pick<ConfigValue, "origin" | "from"> {
  return { origin: "default", from: null };
}
