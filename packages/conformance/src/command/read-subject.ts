import { TroupeError } from "@troupe/core";
import type { Skips } from "./subjects.js";

/** A module's `subject`, its keys checked. Throws `PLUGIN_INVALID`: a misspelt key would be left out in silence. */
export function readSubject<Subject>(
  module: string,
  subject: object,
  keys: { readonly [Key in keyof Required<Subject>]: "object" | "function" },
): Subject {
  const known = new Map<string, string>(Object.entries(keys));
  for (const [key, value] of Object.entries(subject)) {
    const type = known.get(key);
    if (type === undefined) {
      throw new TroupeError("PLUGIN_INVALID", `the subject that ${module} exports has an unknown key "${key}"`, {
        hint: `Known are ${[...known.keys()].join(", ")}.`,
      });
    }
    if (typeof value !== type || value === null) {
      throw new TroupeError("PLUGIN_INVALID", `"${key}" of the subject that ${module} exports is no ${type}`, {
        hint: "See the README of @troupe/conformance.",
      });
    }
  }
  return subject as Subject;
}

/** The reasons for leaving cases out. Throws `PLUGIN_INVALID` for a case that there is not and for one without a reason. */
export function readSkips(module: string, skips: Skips = {}, cases: readonly { readonly name: string }[]): Skips {
  checkReasons(
    `skip of ${module}`,
    skips,
    cases.map(({ name }) => name),
  );
  return skips;
}

/** Throws `PLUGIN_INVALID` for a case that does not exist and for a skip without a reason. */
export function checkReasons(what: string, reasons: Skips, known: readonly string[]): void {
  for (const [name, reason] of Object.entries(reasons)) {
    if (!known.includes(name)) {
      throw new TroupeError("PLUGIN_INVALID", `${what} names "${name}", which is none`, {
        hint: `Known are:\n${known.map((each) => `  ${each}`).join("\n")}`,
      });
    }
    if (typeof reason !== "string" || reason.trim() === "") {
      throw new TroupeError("PLUGIN_INVALID", `${what} gives no reason for "${name}"`, {
        hint: "Say in a few words why the plugin cannot have it; it is shown beside the case.",
      });
    }
  }
}
