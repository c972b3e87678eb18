import { join, relative } from "node:path";
import { readProjectTestCommand } from "@troupe/config";
import { hasErrors } from "@troupe/config/plain";
import { sanitizeLine, TroupeError } from "@troupe/core";
import { KNOWN_AGENTS } from "../bundled-plugins.js";
import { SIGNAL_EXIT_CODES, type StopSignal } from "../cli-host.js";
import type { CommandContext } from "../command-context.js";
import { composeAgent } from "../compose.js";
import { askForSetup, type CanBeHeldTo } from "../init/ask-for-setup.js";
import { type Asking, askByLines } from "../init/choices.js";
import { filesThere, type LaidOutFile, layOutProject, OBJECTIVE_FILE } from "../init/lay-out-project.js";
import { needsCheck } from "../init/needs-check.js";
import { installedFirst, proposeSetup, type Setup } from "../init/setup.js";
import { checkAgent } from "../plugins/agent-health.js";
import { type KnownReport, surveyAgents } from "../plugins/agent-survey.js";
import { printJson } from "../print/print-json.js";
import { quoteWord } from "../print/quote-word.js";
import { PROJECT_FILE } from "../project/project.js";

/** The flags of `init`. */
export interface InitOptions {
  /** Who does the work, instead of what is found. */
  readonly agent?: string;
  readonly dryRun?: boolean;
}

/**
 * Writes a project file, a workflow, an objective and an entry of `.gitignore`, and leaves alone what is there. Asks the
 * person at the terminal, unless `--yes`; where nobody can be asked it takes what it would propose.
 */
export async function initCommand(context: CommandContext, options: InitOptions): Promise<number> {
  refuseUnknownAgent(options.agent);
  const { project } = context;
  const there = await filesThere(project);
  const [{ known, endWith }, test] = await Promise.all([surveyAgents(context), readProjectTestCommand(project.folder)]);
  const proposed = withAgent(proposeSetup(known, test), options.agent, known);
  // an existing project file says all that there is to ask
  const answers = there.has(PROJECT_FILE) ? { setup: proposed } : await askPerson(context, known, proposed, options);
  if (answers.setup === null) {
    context.note("Nothing was written.\n");
    return SIGNAL_EXIT_CODES[answers.signal ?? "SIGINT"];
  }
  const files = await layOutProject(project, answers.setup, options.dryRun === true);
  const needs = await needsCheck(context, answers.setup.check);
  report(context, { files, known, setup: answers.setup, needsCheck: needs, isDryRun: options.dryRun === true });
  return endWith(0);
}

function refuseUnknownAgent(agent: string | undefined): void {
  if (agent === undefined || KNOWN_AGENTS.includes(agent)) return;
  throw new TroupeError("USAGE", `--agent ${sanitizeLine(agent)} is not an agent that init knows`, {
    hint: `Known: ${KNOWN_AGENTS.join(", ")}. Another can be written into ${PROJECT_FILE} afterwards: troupe init --yes`,
  });
}

function withAgent(setup: Setup, agent: string | undefined, known: readonly KnownReport[]): Setup {
  if (agent === undefined) return setup;
  return { ...setup, agent, isInstalled: known.some(({ name, installed }) => name === agent && installed) };
}

interface Answers {
  /** null = the person has left. */
  readonly setup: Setup | null;
  readonly signal?: StopSignal | null;
}

async function askPerson(
  context: CommandContext,
  known: readonly KnownReport[],
  proposed: Setup,
  { agent }: InitOptions,
): Promise<Answers> {
  const { host, options, ask } = context;
  if (ask === null || options.yes === true || options.json === true) return { setup: proposed };
  const leaving = new AbortController();
  let signal: StopSignal | null = null;
  const stopListening = host.onSignal((name) => {
    signal ??= name;
    leaving.abort();
  });
  try {
    const asking = await createAsking(context, ask, leaving.signal);
    // who is named is not asked for
    const named = agent === undefined ? known : [];
    return { setup: await askForSetup(asking, named, proposed, createHolding(context)), signal };
  } catch (error) {
    if (leaving.signal.aborted) return { setup: null, signal };
    throw error;
  } finally {
    stopListening();
  }
}

/** Asks the agent itself; one that cannot be asked cannot be held to anything. */
function createHolding({ host, project }: CommandContext): CanBeHeldTo {
  return async (agent, access) => {
    try {
      const runner = await composeAgent(host, project, { name: agent, options: {} });
      const { ok } = await checkAgent(runner, { model: null, access, env: {} }, host.clock);
      await runner.close?.();
      return ok;
    } catch {
      return false; // it could not even be loaded, and a run says why
    }
  };
}

/** Loaded only where somebody is asked. */
async function createAsking(
  { host, options }: CommandContext,
  ask: NonNullable<CommandContext["ask"]>,
  signal: AbortSignal,
): Promise<Asking> {
  const isSimple = options.plain === true || host.environment.TERM === "dumb";
  if (isSimple || host.terminal === undefined) return askByLines(async (question) => await ask(question, signal));
  const { askWithKeys } = await import("../init/ask-with-keys.js");
  return askWithKeys(host.terminal, signal);
}

interface InitReport {
  readonly files: readonly LaidOutFile[];
  readonly known: readonly KnownReport[];
  readonly setup: Setup;
  /** A run needs `checks:`, which the person has to write. */
  readonly needsCheck: boolean;
  readonly isDryRun: boolean;
}

function report(context: CommandContext, said: InitReport): void {
  const { files, known, setup, isDryRun } = said;
  const { cwd, project, options } = context;
  const installed = installedFirst(known);
  const isKept = files.some(({ path, action }) => path === PROJECT_FILE && action === "kept");
  const next = nextCommands(context, said, isKept);
  if (options.json === true) {
    const { agent, check, access } = setup;
    const agents = installed.map(({ name }) => name);
    printJson(context, "init", {
      version: 1,
      folder: project.folder,
      dryRun: isDryRun,
      agent,
      access,
      check,
      installed: agents,
      files,
      next,
    });
    return;
  }
  const shown = (path: string): string => relative(cwd, join(project.folder, path)) || path;
  const words = WORDS[isDryRun ? "dryRun" : "done"];
  context.print(inColumns(files.map(({ path, action }) => [words[action], shown(path)])));
  if (!isKept) context.note(choiceLines(setup, installed, known));
  const commands = inColumns(next.map(({ command, why }) => [`  ${command}`, why]));
  const first = said.needsCheck
    ? `\nFirst write into ${shown(PROJECT_FILE)} the command that decides whether the work is done, for example:\n  checks: [npm test]\n`
    : "";
  context.note(`${first}\nNext:\n${commands}`);
}

function inColumns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([first]) => first.length));
  return rows.map(([first, second]) => `${first.padEnd(width)}  ${second}\n`).join("");
}

const WORDS = {
  done: { written: "wrote", extended: "added a line to", kept: "left alone" },
  dryRun: { written: "would write", extended: "would add a line to", kept: "would leave alone" },
} as const;

function choiceLines(setup: Setup, installed: readonly KnownReport[], known: readonly KnownReport[]): string {
  const { agent, isInstalled, check, checkSource } = setup;
  const others = installed.filter(({ name }) => name !== agent).map(({ name }) => name);
  const agentLine = isInstalled
    ? `Agent: ${agent}${others.length === 0 ? "" : ` (also installed: ${others.join(", ")})`}.\n`
    : `No agent is installed; ${PROJECT_FILE} names ${agent}. To install one:\n${installLines(known)}`;
  const checkLine =
    check === null
      ? "No test command was found.\n"
      : `The command that decides: ${sanitizeLine(check)}${checkSource === null ? "" : ` (${checkSource})`}.\n`;
  return `\n${agentLine}${checkLine}`;
}

/** What the survey advises for each agent that is not there. */
function installLines(known: readonly KnownReport[]): string {
  return known
    .filter(({ hint }) => hint !== null)
    .map(({ name, hint }) => `  ${name}: ${sanitizeLine(hint ?? "").replace(/^Install it: /, "")}\n`)
    .join("");
}

interface NextCommand {
  readonly command: string;
  readonly why: string;
}

function nextCommands(
  { cwd, project, files, place }: CommandContext,
  { setup, needsCheck: needs }: InitReport,
  isKept: boolean,
): readonly NextCommand[] {
  const objective = quoteWord(relative(cwd, join(project.folder, OBJECTIVE_FILE)) || OBJECTIVE_FILE);
  const run = place(`troupe run ${objective}`);
  return [
    ...(hasErrors(files.diagnostics) ? [{ command: place("troupe validate"), why: "what is wrong in it" }] : []),
    ...(needs ? [{ command: place("troupe validate"), why: "that what you have written is right" }] : []),
    ...(setup.isInstalled || isKept
      ? []
      : [{ command: place("troupe agents"), why: "what is installed, and how to install the rest" }]),
    { command: `${run} --dry-run`, why: "what would be started" },
    { command: run, why: "start" },
  ];
}
