import { type OptionsSchema, pathProblem, type SchemaIssue } from "@troupe/core";

export interface CommandAgentOptions {
  /**
   * The program and its arguments; `{prompt_file}` and `{model}` are replaced within arguments, never in the program.
   * A relative path of the program starts at the project's folder.
   */
  readonly command: readonly string[];
  /** How the program gets its prompt: on standard input, or in a file that `{prompt_file}` names. */
  readonly prompt: "stdin" | "file";
  /** Relative to the working folder: its content is the result instead of standard output. Removed before each turn. */
  readonly resultFile: string | null;
  /** Added to the environment of the turn. */
  readonly env: Readonly<Record<string, string>>;
  /** Of the result; what is longer loses its middle. */
  readonly maxOutputBytes: number;
}

const DEFAULT_MAX_OUTPUT_BYTES = 1024 * 1024;
const KEYS = ["command", "prompt", "resultFile", "env", "maxOutputBytes"];

/** All mistakes are reported at once, each with the path of its value. */
export const commandAgentOptions: OptionsSchema<CommandAgentOptions> = {
  "~standard": {
    version: 1,
    vendor: "troupe",
    validate: (value) => {
      if (!isRecord(value)) return { issues: [{ message: "must be a map with a command" }] };
      const issues: SchemaIssue[] = [];
      const problem = (message: string, ...path: readonly PropertyKey[]): void => void issues.push({ message, path });
      for (const key of Object.keys(value))
        if (!KEYS.includes(key)) problem(`is not known; known: ${KEYS.join(", ")}`, key);
      const { prompt = "stdin", resultFile = null, maxOutputBytes = DEFAULT_MAX_OUTPUT_BYTES } = value;
      const command = readCommand(value.command, problem);
      const env = readEnv(value.env ?? {}, problem);
      if (prompt !== "stdin" && prompt !== "file") problem('must be "stdin" or "file"', "prompt");
      else checkPromptFile(command, prompt, problem);
      if (resultFile !== null && typeof resultFile !== "string") problem("must be a relative path", "resultFile");
      const wrong = typeof resultFile === "string" ? pathProblem(resultFile) : null;
      if (wrong !== null) problem(`must be a relative path: ${wrong}`, "resultFile");
      if (!isByteCount(maxOutputBytes)) problem("must be a whole number of bytes, at least 1", "maxOutputBytes");
      if (issues.length > 0) return { issues };
      return { value: { command, prompt, resultFile, env, maxOutputBytes } as CommandAgentOptions };
    },
  },
};

type Report = (message: string, ...path: readonly PropertyKey[]) => void;

function readCommand(value: unknown, problem: Report): readonly string[] {
  if (!Array.isArray(value) || value.length === 0) {
    problem("must be a list: the program, then its arguments", "command");
    return [];
  }
  const command: string[] = [];
  for (const [index, part] of value.entries()) {
    if (typeof part !== "string") problem("must be text", "command", index);
    else if (part.includes("\0")) problem("has a NUL character", "command", index);
    else if (index === 0 && part.trim() === "") problem("must name a program", "command", index);
    else command.push(part);
  }
  return command;
}

function readEnv(value: unknown, problem: Report): Readonly<Record<string, string>> {
  if (!isRecord(value)) {
    problem("must be a map from names to texts", "env");
    return {};
  }
  const env: Record<string, string> = {};
  for (const [name, text] of Object.entries(value)) {
    if (!/^[^=\0]+$/.test(name)) problem("is no name of a variable", "env", name);
    else if (typeof text !== "string" || text.includes("\0")) problem("must be text", "env", name);
    else env[name] = text;
  }
  return env;
}

function checkPromptFile(command: readonly string[], prompt: "stdin" | "file", problem: Report): void {
  const index = command.findIndex((part, at) => at > 0 && part.includes("{prompt_file}"));
  if (prompt === "file" && index === -1)
    problem('needs an argument with {prompt_file} when prompt is "file"', "command");
  if (prompt === "stdin" && index !== -1) problem('{prompt_file} needs prompt: "file"', "command", index);
}

function isByteCount(value: unknown): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 1;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
