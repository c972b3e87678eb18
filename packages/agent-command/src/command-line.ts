import { relative, resolve, sep } from "node:path";
import { type AgentAccess, type AgentRequest, TroupeError } from "@troupe/core";
import type { CommandAgentOptions } from "./options.js";
import { PRESETS, type Preset } from "./presets.js";
import type { TurnFiles } from "./turn-files.js";

/** Null = a program that the user named. */
export function presetOf({ preset }: CommandAgentOptions): Preset | null {
  return preset === "shell" ? null : PRESETS[preset];
}

export interface Demand {
  /** Id of the agent; null = not in a turn. */
  readonly agent: string | null;
  readonly model: string | null;
  readonly access: AgentAccess;
}

/** A setting that would have no effect is refused: nobody should believe that it has one. Throws `AGENT_NOT_CONFIGURED`. */
export function refuseWhatCannotBeKept(options: CommandAgentOptions, { agent: id, model, access }: Demand): void {
  const preset = presetOf(options);
  const details = { retry: "never" } as const;
  const agent = id === null ? "the agent" : `agent "${id}"`;
  const [, ...args] = options.command;
  const refused = (message: string, hint: string): TroupeError =>
    new TroupeError("AGENT_NOT_CONFIGURED", message, { hint, details });
  if (preset === null) {
    const takesModel = args.some((argument) => argument.includes("{model}"));
    if (model !== null && !takesModel) {
      const hint = "Put {model} where the program expects it, for example: --model {model}";
      throw refused(`${agent} has a model, but its command does not take it`, hint);
    }
    if (model === null && takesModel) {
      const hint = `Set a model for ${agent}, or remove {model} from its command.`;
      throw refused(`the command of ${agent} uses {model}, but no model is set`, hint);
    }
  } else if (model?.startsWith("-") === true) {
    throw refused(`the model "${model}" of ${agent} looks like an option`, `Set the model of ${agent} to a name.`);
  }
  if ((preset?.accesses ?? ["full"]).includes(access)) return;
  throw refused(
    `access "${access}" of ${agent} cannot be kept by ${preset === null ? "a command" : `preset ${options.preset}`}`,
    preset === null
      ? "Limit the agent by the options of its own program."
      : `It can be held to: ${preset.accesses.join(", ")}.`,
  );
}

export interface CommandLineParts {
  readonly options: CommandAgentOptions;
  /** Resolved. */
  readonly program: string;
  readonly request: AgentRequest;
  readonly files: TurnFiles;
  /** JSON Schema as text; null = the preset takes none. */
  readonly schema: string | null;
  /** The program's own id. */
  readonly session: string | null;
  /** Arguments that offer tool servers. */
  readonly tools: readonly string[];
}

/** The program with the arguments of one turn. */
export function commandLine(parts: CommandLineParts): readonly string[] {
  const { options, program, request, files, schema, session, tools } = parts;
  const [, ...args] = options.command;
  const preset = presetOf(options);
  if (preset === null) return [program, ...fillPlaceholders(args, request, files.promptFile)];
  return [
    program,
    ...args,
    ...preset.argv({
      model: request.model ?? options.model,
      access: request.access,
      session,
      schema: schema === null ? null : { text: schema, file: files.schemaFile },
      otherFolder: isInside(request.cwd, request.artifactsFolder) ? null : request.artifactsFolder,
      promptFile: files.promptFile,
      tools,
      extra: options.args,
    }),
  ];
}

/** No known program may take the beginning of a prompt for a file, a command or an option of its own. */
export function promptFor(preset: Preset | null, prompt: string): string {
  return preset !== null && /^\s*[@/-]/.test(prompt) ? `The task:\n\n${prompt}` : prompt;
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, resolve(path));
  return way !== ".." && !way.startsWith(`..${sep}`) && resolve(folder, way) === resolve(path);
}

function fillPlaceholders(
  args: readonly string[],
  { model }: AgentRequest,
  promptFile: string | null,
): readonly string[] {
  // one pass, so that a value that looks like a placeholder stays what it is
  return args.map((argument) =>
    argument.replaceAll(/\{(?:prompt_file|model)\}/g, (placeholder) => {
      return (placeholder === "{prompt_file}" ? promptFile : model) ?? placeholder;
    }),
  );
}
