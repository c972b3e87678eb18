import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import {
  isPluginDefinition,
  isTroupeError,
  PLUGIN_API,
  type PluginDefinition,
  type PluginKind,
  TroupeError,
} from "@troupe/core";

/** A plugin's module, as a person named it. */
export interface PluginModule<Kind extends PluginKind> {
  /** URL or name that `import` takes. */
  readonly specifier: string;
  readonly definition: PluginDefinition<Kind>;
  /** Its `subject` export; an empty object without one. */
  readonly subject: object;
}

/**
 * Loads a module by path or package name. Rejects `PLUGIN_NOT_FOUND`, `PLUGIN_LOAD_FAILED`, `PLUGIN_INVALID`,
 * `PLUGIN_API_MISMATCH`.
 */
export async function loadModule<Kind extends PluginKind>(kind: Kind, name: string): Promise<PluginModule<Kind>> {
  const specifier = isPath(name) ? locateFile(name) : locatePackage(name);
  const module = await importModule(specifier, name);
  if (!isPluginDefinition(module.default)) {
    throw new TroupeError("PLUGIN_INVALID", `${name} has no plugin as its default export`, {
      hint: "Export { kind, name, apiVersion, options, create } as default, as PluginDefinition of @troupe/core has it.",
    });
  }
  const definition = module.default;
  if (!isOfKind(kind, definition)) {
    throw new TroupeError("PLUGIN_INVALID", `${name} is a plugin of kind ${definition.kind}, not ${kind}`, {
      hint: `Run its own cases: troupe-conformance ${definition.kind} ${name}`,
    });
  }
  if (definition.apiVersion !== PLUGIN_API[kind]) {
    const what = `${name} was made for version ${definition.apiVersion} of the ${kind} interface`;
    throw new TroupeError("PLUGIN_API_MISMATCH", `${what}, these cases are of version ${PLUGIN_API[kind]}`, {
      hint: `Use the @troupe/core that the plugin was made for, or move it to this interface and say apiVersion: ${PLUGIN_API[kind]}.`,
    });
  }
  const subject = module.subject ?? {};
  if (!isObject(subject)) {
    throw new TroupeError("PLUGIN_INVALID", `the subject that ${name} exports is not an object`, {
      hint: "See the README of @troupe/conformance for what it may hold, or leave it out.",
    });
  }
  return { specifier, definition, subject };
}

/** What the plugin makes of its options. Rejects `PLUGIN_OPTIONS_INVALID`. */
export async function parseOptions(definition: PluginDefinition<PluginKind>, given: unknown): Promise<unknown> {
  const result = await definition.options["~standard"].validate(given);
  if (result.issues === undefined) return result.value;
  const problems = result.issues.map(({ path, message }) => {
    const at = (path ?? []).map((part) => String(typeof part === "object" ? part.key : part)).join(".");
    return at === "" ? message : `${at}: ${message}`;
  });
  throw new TroupeError(
    "PLUGIN_OPTIONS_INVALID",
    `${definition.kind} "${definition.name}" refuses its options ${JSON.stringify(given)}: ${problems.join("; ")}`,
    { hint: "Give them with --options JSON, or let `options` of the module's subject make them." },
  );
}

function locateFile(path: string): string {
  if (existsSync(path)) return pathToFileURL(resolve(path)).href;
  throw new TroupeError("PLUGIN_NOT_FOUND", `there is no file ${resolve(path)}`, {
    hint: "A path begins with ./ or /; anything else is the name of an installed package.",
  });
}

/** As the working folder's project has it, else as ours has it: the command itself may come from another place. */
function locatePackage(name: string): string {
  try {
    return pathToFileURL(createRequire(resolve("package.json")).resolve(name)).href;
  } catch {
    return name; // not there, or a package for `import` only
  }
}

async function importModule(specifier: string, name: string): Promise<Record<string, unknown>> {
  try {
    return await import(specifier);
  } catch (cause) {
    if (isTroupeError(cause)) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new TroupeError("PLUGIN_LOAD_FAILED", `${name} could not be loaded: ${message}`, {
      hint: isPath(name) ? null : `Install it: npm install --save-dev ${name}`,
      cause,
    });
  }
}

/** A URL comes from ourselves, for a second process. */
function isPath(name: string): boolean {
  return /^\.{0,2}[\\/]|^[A-Za-z]:[\\/]/.test(name);
}

function isOfKind<Kind extends PluginKind>(
  kind: Kind,
  definition: PluginDefinition<PluginKind>,
): definition is PluginDefinition<Kind> {
  return definition.kind === kind;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
