import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  isPluginDefinition,
  isTroupeError,
  PLUGIN_API,
  type PluginDefinition,
  type PluginKind,
  type SchemaResult,
  TroupeError,
} from "@troupe/core";
import { bundledModule, type PluginAlias } from "../bundled-plugins.js";
import { findImportEntry } from "./find-import-entry.js";
import { isStillOurs } from "./inlined-versions.js";
import { packageOf, updateCommand, updateOwnCommand } from "./install-command.js";

/** A plugin as a file names it. */
export interface PluginReference {
  readonly name: string;
  readonly options: unknown;
  /** Where the project file names it, from 1; not given for a flag or a default. */
  readonly line?: number;
  readonly column?: number;
}

/** Of `PLUGIN_LOAD_FAILED`: it is the plugin that knows more. */
export const LOAD_HINT: string =
  "See the whole of its error: add --verbose\nWhich file or flag names it: troupe config";

/** A plugin whose options have been understood. */
export interface LoadedPlugin<Kind extends PluginKind> {
  readonly definition: PluginDefinition<Kind>;
  readonly options: unknown;
}

/** Where plugins are looked up. */
export interface PluginPlaces {
  /** Absolute: the folder of the project file. */
  readonly projectFolder: string;
  /** Absolute; null = there is none. */
  readonly projectFile: string | null;
  /** Plugins by their short names; null = the name is none. */
  readonly aliasOf: (name: string) => PluginAlias | null;
  /** The name of ours that was probably meant; null = none is near. */
  readonly nearestPlugin: (name: string) => string | null;
  /** Nothing of the project is imported, not even its own version of a bundled plugin. */
  readonly onlyBundled?: boolean;
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
  try {
    return await loadChecked(kind, reference, places);
  } catch (error) {
    throw withPlace(error, reference, places);
  }
}

/** What is wrong with a plugin that was only looked at. */
export interface ExaminedPlugin {
  readonly error: TroupeError;
  /** False: it may be right once it is installed. */
  readonly isMistake: boolean;
}

/** Loads a plugin that comes with the command, to see whether it would; of any other only looks whether it is there. */
export async function examinePlugin(
  kind: PluginKind,
  { name, options }: PluginReference,
  places: PluginPlaces,
): Promise<ExaminedPlugin | null> {
  const place = places.aliasOf(name)?.package ?? name;
  const found = findModule(place, places);
  if (found === null) {
    const isMistake = isFilePath(place) || places.nearestPlugin(place) !== null;
    return { error: notInstalled({ name, options }, place, places), isMistake };
  }
  if (found !== bundledModule(place)) return null;
  try {
    await loadChecked(kind, { name, options }, { ...places, onlyBundled: true });
    return null;
  } catch (error) {
    if (isTroupeError(error)) return { error, isMistake: true };
    throw error;
  }
}

/** The error with the place in the project file that names the plugin; a flag or a default has none. */
function withPlace(error: unknown, { line, column = 1 }: PluginReference, { projectFile }: PluginPlaces): unknown {
  if (!isTroupeError(error) || projectFile === null || line === undefined) return error;
  const { code, message, hint, cause } = error;
  const details = { ...error.details, file: projectFile, line, column };
  return new TroupeError(code, `${basename(projectFile)}:${line}:${column}: ${message}`, { hint, details, cause });
}

async function loadChecked<Kind extends PluginKind>(
  kind: Kind,
  reference: PluginReference,
  places: PluginPlaces,
): Promise<LoadedPlugin<Kind>> {
  const alias = places.aliasOf(reference.name);
  const place = alias?.package ?? reference.name;
  const module = await importPlugin(reference, place, places);
  const definition = checkDefinition(kind, reference.name, module);
  if (definition.apiVersion !== PLUGIN_API[kind]) throw apiMismatch(definition, reference.name, place, places);
  const options = optionsOf(reference.options, alias);
  const result = await validate(kind, { ...reference, options }, definition);
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

/** What is no map is left for the plugin to refuse. */
function optionsOf(given: unknown, alias: PluginAlias | null): unknown {
  if (alias === null || Object.keys(alias.options).length === 0) return given;
  const isMap = isObject(given ?? {}) && !Array.isArray(given);
  return isMap ? { ...alias.options, ...(given ?? {}) } : given;
}

async function validate<Kind extends PluginKind>(
  kind: Kind,
  { name, options }: PluginReference,
  definition: PluginDefinition<Kind>,
): Promise<SchemaResult<unknown>> {
  try {
    return await definition.options["~standard"].validate(options ?? {});
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new TroupeError("PLUGIN_LOAD_FAILED", `${kind} "${name}" could not check its options: ${message}`, {
      hint: LOAD_HINT,
      cause,
    });
  }
}

async function importPlugin(reference: PluginReference, place: string, places: PluginPlaces): Promise<unknown> {
  const { name } = reference;
  const load = findModule(place, places);
  if (load === null) throw notInstalled(reference, place, places);
  try {
    return await load();
  } catch (cause) {
    if (isTroupeError(cause)) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new TroupeError("PLUGIN_LOAD_FAILED", `plugin "${name}" could not be loaded: ${message}`, {
      hint: LOAD_HINT,
      cause,
    });
  }
}

/** What the project has installed goes first, then what came with the command. null = it is not installed. */
function findModule(
  name: string,
  { projectFolder, onlyBundled = false }: PluginPlaces,
): (() => Promise<unknown>) | null {
  if (onlyBundled) return bundledModule(name);
  const fromProject = locate(name, join(projectFolder, "troupe.yaml"));
  if (fromProject !== null) return () => import(fromProject);
  if (isFilePath(name)) return null;
  const bundled = bundledModule(name);
  if (bundled !== null && isStillOurs(name)) return bundled;
  const besideUs = locate(name, import.meta.filename);
  return besideUs === null ? bundled : () => import(besideUs);
}

/** The module that `name` means for a file at `from`; null = there is none. */
function locate(name: string, from: string): string | null {
  const isPath = isFilePath(name);
  if (isPath || bundledModule(name) === null) {
    try {
      return pathToFileURL(createRequire(pathToFileURL(from)).resolve(name)).href;
    } catch {
      // not there, or a package for `import` only, which is found below
    }
  }
  const entry = isPath ? null : findImportEntry(name, from);
  return entry === null ? null : pathToFileURL(entry).href;
}

/** Whoever mistypes a short name is not told to install what a stranger published under the wrong one. */
function notInstalled({ name }: PluginReference, place: string, places: PluginPlaces): TroupeError {
  const { projectFolder, nearestPlugin } = places;
  const meant = isFilePath(place) ? null : nearestPlugin(place);
  const install = `Install it: npm install --save-dev ${place}`;
  const path = `Check the path: it is relative to ${projectFolder}.`;
  return new TroupeError("PLUGIN_NOT_FOUND", `plugin "${name}" is not installed`, {
    hint: isFilePath(place) ? path : meant === null ? install : `did you mean "${meant}"?`,
  });
}

function checkDefinition<Kind extends PluginKind>(kind: Kind, name: string, module: unknown): PluginDefinition<Kind> {
  const definition = isObject(module) ? module.default : undefined;
  if (!isPluginDefinition(definition)) {
    throw new TroupeError("PLUGIN_INVALID", `"${name}" has no plugin as its default export`, {
      hint: "A plugin's module exports { kind, name, apiVersion, options, create } as default.",
    });
  }
  if (definition.kind !== kind) {
    throw new TroupeError("PLUGIN_INVALID", `"${name}" is a plugin of kind ${definition.kind}, not ${kind}`, {
      hint: `Name a plugin of kind ${kind} there.`,
    });
  }
  return definition as PluginDefinition<Kind>;
}

/** The older side is the one to update, the way it was installed. */
function apiMismatch(
  { kind, apiVersion }: PluginDefinition<PluginKind>,
  name: string,
  place: string,
  { projectFolder }: PluginPlaces,
): TroupeError {
  const ours = PLUGIN_API[kind];
  const update = isFilePath(place)
    ? `Change the plugin to version ${ours} of the ${kind} interface.`
    : `Update the plugin: ${updateCommand(packageOf(place), projectFolder)}`;
  return new TroupeError(
    "PLUGIN_API_MISMATCH",
    `"${name}" was made for version ${apiVersion} of the ${kind} interface, this is version ${ours}`,
    {
      hint: apiVersion < ours ? update : `Update troupe: ${updateOwnCommand(import.meta.filename, projectFolder)}`,
    },
  );
}

function isFilePath(name: string): boolean {
  return name.startsWith("./") || name.startsWith("../") || name.startsWith("/");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
