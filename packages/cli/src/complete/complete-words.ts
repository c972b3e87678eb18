import type { Argument, Command, Option } from "commander";
import { KNOWN_AGENTS } from "../bundled-plugins.js";
import type { Candidate, DynamicSort, WordContext } from "./candidates.js";

/** What the last word may become. */
export interface Completion {
  readonly candidates: readonly Candidate[];
  /** Names of files may be typed too. */
  readonly files: boolean;
}

/** Asks for words that depend on the project. */
export type AskDynamic = (sort: DynamicSort, words: WordContext) => Promise<readonly Candidate[]>;

const NOTHING: Completion = { candidates: [], files: false };

/** What a placeholder (`<stage>`) or the name of an argument stands for. */
const SORTS: Readonly<Record<string, DynamicSort | "file">> = {
  run: "run",
  runs: "run",
  stage: "stage",
  turn: "turn",
  name: "artifact",
  hooks: "hook",
  "id=plugin": "agent",
  "name=value": "input",
  key: "setting",
  id: "question",
  file: "file",
  files: "file",
  dir: "file",
  path: "file",
  objective: "file",
};

/**
 * Completes the last of `words`, which come behind `troupe`. All that there is to know of commands and options is the
 * program's own description of itself.
 */
export async function completeWords(program: Command, words: readonly string[], ask: AskDynamic): Promise<Completion> {
  const current = words.at(-1) ?? "";
  const typed = readTyped(program, words.slice(0, -1));
  const context: WordContext = { command: typed.command.name(), run: typed.run, options: typed.globals };
  const dynamic = async (sort: DynamicSort): Promise<readonly Candidate[]> => await ask(sort, context);
  if (typed.pending !== null) return startingWith(await ofOption(typed.pending, dynamic), current);
  if (typed.onlyArguments) return startingWith(await ofArgument(typed, dynamic), current);
  if (current.startsWith("--") && current.includes("=")) return await ofAssignment(typed, current, dynamic);
  if (current.startsWith("-")) return startingWith({ candidates: optionsOf(typed.command), files: false }, current);
  if (typed.command === program) return startingWith({ candidates: commandsOf(program), files: false }, current);
  return startingWith(await ofArgument(typed, dynamic), current);
}

interface Typed {
  readonly command: Command;
  readonly positionals: readonly string[];
  /** The option whose value comes next. */
  readonly pending: Option | null;
  /** Behind `--`. */
  readonly onlyArguments: boolean;
  readonly run: string | null;
  readonly globals: WordContext["options"];
}

function readTyped(program: Command, words: readonly string[]): Typed {
  let command = program;
  let pending: Option | null = null;
  let onlyArguments = false;
  const positionals: string[] = [];
  const globals: Record<string, string> = {};
  for (const word of words) {
    if (pending !== null) {
      if (pending.long === "--cwd" || pending.long === "--config") globals[pending.attributeName()] = word;
      pending = null;
    } else if (!onlyArguments && word === "--") onlyArguments = true;
    else if (!onlyArguments && word.startsWith("-")) {
      const option = word.includes("=") ? undefined : findOption(command, word);
      pending = option !== undefined && (option.required || option.optional) ? option : null;
    } else if (command === program) command = program.commands.find((one) => one.name() === word) ?? program;
    else positionals.push(word);
  }
  const at = command.registeredArguments.findIndex((argument) => argument.name() === "run");
  return { command, positionals, pending, onlyArguments, run: positionals[at] ?? null, globals };
}

function allOptions(command: Command): readonly Option[] {
  return command.parent === null ? command.options : [...command.options, ...command.parent.options];
}

function findOption(command: Command, word: string): Option | undefined {
  return allOptions(command).find(({ short, long }) => word === short || word === long);
}

async function ofOption(
  option: Option,
  dynamic: (sort: DynamicSort) => Promise<readonly Candidate[]>,
): Promise<Completion> {
  if (option.argChoices !== undefined) return choices(option.argChoices);
  const placeholder = /[<[]([^\]>]+?)(?:\.\.\.)?[\]>]/.exec(option.flags)?.[1] ?? "";
  return await ofSort(placeholder, dynamic);
}

async function ofAssignment(
  { command }: Typed,
  current: string,
  dynamic: (sort: DynamicSort) => Promise<readonly Candidate[]>,
): Promise<Completion> {
  const at = current.indexOf("=");
  const option = findOption(command, current.slice(0, at));
  if (option === undefined) return NOTHING;
  const { candidates, files } = startingWith(await ofOption(option, dynamic), current.slice(at + 1));
  const prefix = current.slice(0, at + 1);
  return { candidates: candidates.map((one) => ({ ...one, value: `${prefix}${one.value}` })), files };
}

async function ofArgument(
  { command, positionals }: Typed,
  dynamic: (sort: DynamicSort) => Promise<readonly Candidate[]>,
): Promise<Completion> {
  const all = command.registeredArguments;
  const last = all.at(-1);
  const argument: Argument | undefined = all[positionals.length] ?? (last?.variadic === true ? last : undefined);
  if (argument === undefined) return NOTHING;
  if (argument.argChoices !== undefined) return choices(argument.argChoices);
  return await ofSort(argument.name(), dynamic);
}

async function ofSort(
  name: string,
  dynamic: (sort: DynamicSort) => Promise<readonly Candidate[]>,
): Promise<Completion> {
  if (name === "agent") return choices(KNOWN_AGENTS);
  const sort = SORTS[name];
  if (sort === undefined) return NOTHING;
  return sort === "file" ? { candidates: [], files: true } : { candidates: await dynamic(sort), files: false };
}

function choices(values: readonly string[]): Completion {
  return { candidates: values.map((value) => ({ value, description: "" })), files: false };
}

function commandsOf(program: Command): readonly Candidate[] {
  return program
    .createHelp()
    .visibleCommands(program)
    .map((command) => ({ value: command.name(), description: command.summary() || command.description() }));
}

function optionsOf(command: Command): readonly Candidate[] {
  const help = command.createHelp();
  const visible = [
    ...help.visibleOptions(command),
    ...(command.parent === null ? [] : help.visibleOptions(command.parent)),
  ];
  const seen = new Set<string>();
  return visible.flatMap(({ long, short, description }) => {
    const value = long ?? short;
    if (value === undefined || value === null || seen.has(value)) return [];
    seen.add(value);
    return [{ value, description }];
  });
}

function startingWith({ candidates, files }: Completion, current: string): Completion {
  return { candidates: candidates.filter(({ value }) => value.startsWith(current)), files };
}
