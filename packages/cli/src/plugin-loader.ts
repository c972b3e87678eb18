import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { isTroupeError, PLUGIN_API, type PluginDefinition, type PluginKind, TroupeError } from "@troupe/core";

/** A plugin as a file names it. */
export interface PluginReference {
  readonly name: string;
  readonly options: unknown;
}

/** A plugin whose options have been understood. */
export interface LoadedPlugin<Kind extends PluginKind> {
  readonly definition: PluginDefinition<Kind>;
  readonly options: unknown;
}

/** Where plugins are looked up. */
export interface PluginPlaces {
  /** Absolute: the folder of the project file. */
  readonly projectFolder: string;
  /** Short names of the bundled plugins to their packages. */
  readonly bundled: Readonly<Record<string, string>>;
}

/**
 * Loads a plugin by package name or relative path, looked up from the project's folder and then among the bundled
 * ones. Rejects `PLUGIN_NOT_FOUND` with the install command, `PLUGIN_INVALID`, `PLUGIN_API_MISMATCH`,
 * `PLUGIN_OPTIONS_INVALID`, `PLUGIN_LOAD_FAILED`.
 */
export async function loadPlugin<Kind extends PluginKind>(
  kind: Kind,
  reference: PluginReference,
  places: PluginPlaces,
): Promise<LoadedPlugin<Kind>> {
  const module = await importPlugin(reference.name, places);
  const definition = checkDefinition(kind, reference.name, module);
  const result = await definition.options["~standard"].validate(reference.options ?? {});
  if (result.issues !== undefined) {
    const problems = result.issues.map(({ path, message }) => {
      const at = (path ?? []).map((part) => String(typeof part === "object" ? part.key : part)).join(".");
      return at === "" ? message : `${at}: ${message}`;
    });
    throw new TroupeError("PLUGIN_OPTIONS_INVALID", `options of ${kind} "${reference.name}": ${problems.join("; ")}`, {
      hint: `Mend the options of "${reference.name}" in troupe.yaml.`,
      details: { problems },
    });
  }
  return { definition, options: result.value };
}

async function importPlugin(name: string, { projectFolder, bundled }: PluginPlaces): Promise<unknown> {
  const target = locate(bundled[name] ?? name, projectFolder);
  try {
    return await import(target);
  } catch (cause) {
    if (isTroupeError(cause)) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new TroupeError("PLUGIN_LOAD_FAILED", `plugin "${name}" could not be loaded: ${message}`, { cause });
  }
}

function locate(name: string, projectFolder: string): string {
  const isPath = name.startsWith("./") || name.startsWith("../") || name.startsWith("/");
  for (const base of [pathToFileURL(join(projectFolder, "troupe.yaml")), new URL(import.meta.url)]) {
    try {
      return pathToFileURL(createRequire(base).resolve(name)).href;
    } catch {
      // Packages with an `import` condition only are no business of require: the bundled ones are found below.
    }
    if (isPath) break;
  }
  if (!isPath) {
    try {
      return import.meta.resolve(name);
    } catch {
      // told as not found
    }
  }
  throw new TroupeError("PLUGIN_NOT_FOUND", `plugin "${name}" is not installed`, {
    hint: isPath ? `Check the path: it is relative to ${projectFolder}.` : `Install it: npm install --save-dev ${name}`,
  });
}

function checkDefinition<Kind extends PluginKind>(kind: Kind, name: string, module: unknown): PluginDefinition<Kind> {
  const definition = isObject(module) ? module.default : undefined;
  if (!isDefinition(definition)) {
    throw new TroupeError("PLUGIN_INVALID", `"${name}" has no plugin as its default export`, {
      hint: "A plugin's module exports { kind, name, apiVersion, options, create } as default.",
    });
  }
  if (definition.kind !== kind) {
    throw new TroupeError("PLUGIN_INVALID", `"${name}" is a plugin of kind ${definition.kind}, not ${kind}`, {
      hint: `Name a plugin of kind ${kind} there.`,
    });
  }
  if (definition.apiVersion !== PLUGIN_API[kind]) {
    const older = definition.apiVersion < PLUGIN_API[kind];
    throw new TroupeError(
      "PLUGIN_API_MISMATCH",
      `"${name}" was made for version ${definition.apiVersion} of the ${kind} interface, this is version ${PLUGIN_API[kind]}`,
      {
        hint: older
          ? `Update the plugin: npm install --save-dev ${name}@latest`
          : "Update troupe: npm install @troupe/cli@latest",
      },
    );
  }
  return definition as PluginDefinition<Kind>;
}

function isDefinition(value: unknown): value is PluginDefinition<PluginKind> {
  return (
    isObject(value) &&
    typeof value.kind === "string" &&
    typeof value.name === "string" &&
    typeof value.apiVersion === "number" &&
    typeof value.create === "function" &&
    isObject(value.options) &&
    isObject(value.options["~standard"])
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
