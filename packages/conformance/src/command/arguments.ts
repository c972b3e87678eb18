import { parseArgs } from "node:util";
import { type Json, TroupeError } from "@troupe/core";

const KINDS = ["store", "executor", "agent", "reporter"] as const;
export type KitKind = (typeof KINDS)[number];

export const USAGE: string = `usage: troupe-conformance KIND MODULE [options]

  KIND            ${KINDS.join(", ")}
  MODULE          a path that begins with ./ or /, or a package; its default export is a PluginDefinition

  --options JSON  options of the plugin, as troupe.yaml would give them; default {}
  --only TEXT     only cases whose name contains TEXT
  --help          this text

exit code: 0 every case passed or has a reason to be left out, 1 a case failed, 2 the cases could not be run
`;

/** What was typed. */
export interface Arguments {
  readonly kind: KitKind;
  readonly module: string;
  readonly options: Json;
  readonly only: string;
}

/** null = help was asked for. Throws `USAGE`. */
export function readArguments(argv: readonly string[]): Arguments | null {
  const { values, positionals } = parse(argv);
  if (values.help === true) return null;
  const [kind, module, ...more] = positionals;
  const known = KINDS.find((each) => each === kind);
  if (known === undefined)
    throw misused(kind === undefined ? "no kind of plugin was named" : `there is no kit for "${kind}"`);
  if (module === undefined) throw misused(`no module of the ${known} was named`);
  if (more.length > 0) throw misused(`"${more.join(" ")}" is too much`);
  return { kind: known, module, options: readOptions(values.options), only: values.only ?? "" };
}

function parse(argv: readonly string[]): {
  readonly values: { readonly help?: boolean; readonly options?: string; readonly only?: string };
  readonly positionals: readonly string[];
} {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { help: { type: "boolean" }, options: { type: "string" }, only: { type: "string" } },
    });
  } catch (cause) {
    throw misused(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function readOptions(text = "{}"): Json {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new TroupeError("USAGE", `--options is not JSON: ${message}`, {
      hint: `Quote it for the shell: --options '{"url": "..."}'`,
      cause,
    });
  }
}

function misused(message: string, cause?: unknown): TroupeError {
  return new TroupeError("USAGE", message, { hint: "See troupe-conformance --help", cause });
}
