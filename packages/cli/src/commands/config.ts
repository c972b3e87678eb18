import { nearestName } from "@troupe/config";
import { sanitizeLine, TroupeError } from "@troupe/core";
import type { CommandContext } from "../command-context.js";
import { printJson } from "../print/print-json.js";
import { type ConfigValue, effectiveConfig } from "../project/effective-config.js";

/** Shows every value that is in force, or one of them, with where it comes from. Writes nothing. */
export async function configCommand(context: CommandContext, key: string | undefined): Promise<number> {
  const all = await effectiveConfig(context);
  const values = key === undefined ? all : all.filter((one) => one.key === key || one.key.startsWith(`${key}.`));
  if (values.length === 0 && key !== undefined) throw unknownKey(key, all);
  if (context.options.json === true) {
    printJson(context, "config", { version: 1, values });
    return 0;
  }
  const width = Math.max(...values.map((one) => one.key.length));
  context.print(values.map((one) => lineOf(one, width)).join(""));
  if (key === undefined) context.note("Check the files: troupe validate\nCheck agents and tools: troupe doctor\n");
  return 0;
}

function lineOf({ key, value, origin, from }: ConfigValue, width: number): string {
  const shown = typeof value === "string" ? value : JSON.stringify(value);
  const at = from === null ? "" : `: ${sanitizeLine(from)}`;
  return `${sanitizeLine(key).padEnd(width)}  ${sanitizeLine(shown)}  (${origin}${at})\n`;
}

function unknownKey(key: string, all: readonly ConfigValue[]): TroupeError {
  const nearest = nearestName(
    key,
    all.map((one) => one.key),
  );
  const meant = nearest === null ? "" : `; did you mean ${nearest}?`;
  return new TroupeError("USAGE", `there is no configuration ${key}${meant}`, { hint: "See all of it: troupe config" });
}
