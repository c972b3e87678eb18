import type { PluginDefinition, PluginKind } from "./definition.js";

/**
 * Whether a module's default export has the form of a plugin. Its kind and the version of its interface are compared by
 * whoever knows which one is needed.
 */
export function isPluginDefinition(value: unknown): value is PluginDefinition<PluginKind> {
  return (
    hasProperties(value) &&
    typeof value.kind === "string" &&
    typeof value.name === "string" &&
    typeof value.apiVersion === "number" &&
    typeof value.create === "function" &&
    hasProperties(value.options) &&
    hasProperties(value.options["~standard"]) &&
    typeof value.options["~standard"].validate === "function"
  );
}

/** A schema may be a function: those of arktype are. */
function hasProperties(value: unknown): value is Readonly<Record<string, unknown>> {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}
