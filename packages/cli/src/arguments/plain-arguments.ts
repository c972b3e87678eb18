import type { GlobalOptions } from "../command-context.js";
import type { ValidateOptions } from "../commands/validate.js";

/** A command line that means the same without a parser: one of the commands that are typed most, and plain options. */
export type PlainCommand =
  | { readonly name: "list"; readonly options: GlobalOptions }
  | { readonly name: "status"; readonly options: GlobalOptions; readonly run: string | undefined }
  | {
      readonly name: "validate";
      readonly options: GlobalOptions & ValidateOptions;
      readonly files: readonly string[];
    };

type Options = GlobalOptions & ValidateOptions;
type Format = NonNullable<ValidateOptions["format"]>;

/** Written as the parser takes them: each word by itself, no `=`, no short ones in one word. */
const FLAGS: ReadonlyMap<string, Options> = new Map<string, Options>([
  ["--json", { json: true }],
  ["--plain", { plain: true }],
  ["--color", { color: true }],
  ["--no-color", { color: false }],
  ["-q", { quiet: true }],
  ["--quiet", { quiet: true }],
  ["-v", { verbose: true }],
  ["--verbose", { verbose: true }],
  ["--no-input", { input: false }],
  ["--yes", { yes: true }],
]);
const OWN_FLAGS: ReadonlyMap<string, Options> = new Map([
  ["--ignore-missing-templates", { ignoreMissingTemplates: true }],
]);
const FORMATS: ReadonlySet<string> = new Set<Format>(["text", "json", "github", "sarif"]);
/** How many names may follow the command. */
const MOST_NAMES = { list: 0, status: 1, validate: Number.POSITIVE_INFINITY } as const;

/**
 * What the words mean where that needs no parser; null = the parser has to say it, which knows all commands, their help,
 * and what is wrong. It exists because making that parser takes longer than `list` or `status` take.
 */
export function readPlainArguments(args: readonly string[]): PlainCommand | null {
  const names: string[] = [];
  let options: Options = { input: true };
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? "";
    if (word !== "" && !word.startsWith("-")) {
      names.push(word);
      continue;
    }
    const isValidating = names[0] === "validate";
    const flag = FLAGS.get(word) ?? (isValidating ? OWN_FLAGS.get(word) : undefined);
    const more = flag ?? valued(word, args[at + 1], isValidating);
    if (more === null) return null;
    if (flag === undefined) at += 1; // its value is no name
    options = { ...options, ...more };
  }
  const [name, ...rest] = names;
  if (name !== "list" && name !== "status" && name !== "validate") return null;
  if (rest.length > MOST_NAMES[name]) return null;
  if (name === "validate") return { name, options, files: rest };
  return name === "list" ? { name, options } : { name, options, run: rest[0] };
}

function valued(word: string, value: string | undefined, isValidating: boolean): Options | null {
  if (value === undefined || value === "" || value.startsWith("-")) return null;
  if (word === "--cwd") return { cwd: value };
  if (word === "--config") return { config: value };
  return word === "--format" && isValidating && isFormat(value) ? { format: value } : null;
}

function isFormat(word: string): word is Format {
  return FORMATS.has(word);
}
