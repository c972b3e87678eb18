import { type OptionsSchema, pathProblem, type SchemaIssue } from "@troupe/core";
import { PRESETS, type Preset, type PresetName } from "./presets.js";

/** The options of an agent that is a command, as read from `troupe.yaml`. */
export interface CommandAgentOptions {
  /** A known program, or `shell`: whatever `command` names. */
  readonly preset: PresetName;
  /**
   * The program and its arguments, never a shell line. With `shell`, `{prompt_file}` and `{model}` are replaced within
   * arguments, never in the program; else the preset's arguments follow. A relative path of the program starts at the
   * project's folder.
   */
  readonly command: readonly string[];
  /** Follow the arguments of the preset. */
  readonly args: readonly string[];
  /** Unless the configuration of the agent names another. */
  readonly model: string | null;
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
const PRESET_NAMES = [...Object.keys(PRESETS), "shell"];
const SHELL_KEYS = ["preset", "command", "prompt", "resultFile", "env", "maxOutputBytes"];
const PRESET_KEYS = ["preset", "command", "args", "model", "env", "maxOutputBytes"];

/** All mistakes are reported at once, each with the path of its value. */
export const commandAgentOptions: OptionsSchema<CommandAgentOptions> = {
  "~standard": {
    version: 1,
    vendor: "troupe",
    validate: (value) => {
      if (!isRecord(value)) return { issues: [{ message: "must be a map with a preset or a command" }] };
      const issues: SchemaIssue[] = [];
      const problem: Report = (message, ...path) => void issues.push({ message, path });
      const options = readOptions(value, problem);
      return issues.length > 0 ? { issues } : { value: options };
    },
  },
};

type Report = (message: string, ...path: readonly PropertyKey[]) => void;
type Given = Readonly<Record<string, unknown>>;

function readOptions(value: Given, problem: Report): CommandAgentOptions {
  const { preset: name = "shell" } = value;
  if (!isPresetName(name)) problem(`must be one of ${PRESET_NAMES.join(", ")}`, "preset");
  const preset = isPresetName(name) && name !== "shell" ? PRESETS[name] : null;
  const keys = preset === null ? SHELL_KEYS : [...PRESET_KEYS, ...(preset.dialect === null ? ["resultFile"] : [])];
  for (const key of Object.keys(value))
    if (!keys.includes(key)) problem(`is not known; known: ${keys.join(", ")}`, key);
  const start = preset !== null && value.command === undefined;
  const command = start ? [preset.program] : readWords(value.command, "command", problem);
  const prompt = readPrompt(value.prompt, command, preset, problem);
  return {
    preset: isPresetName(name) ? name : "shell",
    command,
    args: value.args === undefined ? [] : readWords(value.args, "args", problem),
    model: readModel(value.model, problem),
    env: readEnv(value.env ?? {}, problem),
    prompt,
    resultFile: readResultFile(value.resultFile, problem),
    maxOutputBytes: readByteCount(value.maxOutputBytes, problem),
  };
}

function readWords(value: unknown, key: "command" | "args", problem: Report): readonly string[] {
  const isProgram = key === "command";
  if (!Array.isArray(value) || (isProgram && value.length === 0)) {
    const line = typeof value === "string" ? `; for a line of the shell: ["sh", "-c", ${JSON.stringify(value)}]` : "";
    problem(isProgram ? `must be a list: the program, then its arguments${line}` : "must be a list of arguments", key);
    return [];
  }
  const words: string[] = [];
  for (const [index, part] of value.entries()) {
    if (typeof part !== "string") problem("must be text", key, index);
    else if (part.includes("\0")) problem("has a NUL character", key, index);
    else if (isProgram && index === 0 && part.trim() === "") problem("must name a program", key, index);
    else words.push(part);
  }
  return words;
}

function readModel(value: unknown, problem: Report): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "string" && value.trim() !== "" && !value.startsWith("-")) return value;
  problem("must be the name of a model", "model");
  return null;
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

function readPrompt(
  value: unknown,
  command: readonly string[],
  preset: Preset | null,
  problem: Report,
): "stdin" | "file" {
  if (preset !== null) return preset.prompt;
  const prompt = value ?? "stdin";
  const index = command.findIndex((part, at) => at > 0 && part.includes("{prompt_file}"));
  if (prompt !== "stdin" && prompt !== "file") problem('must be "stdin" or "file"', "prompt");
  if (prompt === "file" && index === -1)
    problem('needs an argument with {prompt_file} when prompt is "file"', "command");
  if (prompt === "stdin" && index !== -1) problem('{prompt_file} needs prompt: "file"', "command", index);
  return prompt === "file" ? "file" : "stdin";
}

function readResultFile(value: unknown, problem: Report): string | null {
  if (value === undefined || value === null) return null;
  const wrong = typeof value === "string" ? pathProblem(value) : "";
  if (typeof value === "string" && wrong === null) return value;
  problem(wrong === "" ? "must be a relative path" : `must be a relative path: ${wrong}`, "resultFile");
  return null;
}

function readByteCount(value: unknown, problem: Report): number {
  if (value === undefined) return DEFAULT_MAX_OUTPUT_BYTES;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 1) return value;
  problem("must be a whole number of bytes, at least 1", "maxOutputBytes");
  return DEFAULT_MAX_OUTPUT_BYTES;
}

function isPresetName(value: unknown): value is PresetName {
  return typeof value === "string" && PRESET_NAMES.includes(value);
}

function isRecord(value: unknown): value is Given {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
