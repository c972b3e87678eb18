import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import {
  type AgentContext,
  type AgentHealth,
  type AgentRequest,
  type AgentResult,
  type AgentRunner,
  hasCode,
  type PluginHost,
  TroupeError,
} from "@troupe/core";
import { createOutputCap, findProgram, type ProcessOutcome, runProcess, TURN_VARIABLE } from "@troupe/process";
import { agentFailure, type FailedTurn, noOutput, notInstalled } from "./failures.js";
import type { CommandAgentOptions } from "./options.js";
import { readResultFile, removeResultFile } from "./result-file.js";

/** What of standard error is kept for the message of a failure. */
const ERROR_BYTES = 8 * 1024;

/**
 * Any program as an agent. The prompt goes to standard input or into a file, never into an argument; standard output
 * is the result. See the README for what each end of the program means.
 */
export function createCommandAgent(options: CommandAgentOptions, host: PluginHost): AgentRunner {
  const [name = "", ...args] = options.command;
  // by its path it means a file of the project, whatever folder a turn works in
  const program = /[\\/]/.test(name) ? resolve(host.projectFolder, name) : name;
  return {
    run: (request, context) => runTurn({ options, host, program, args, request, context }),
    check: () => checkProgram(program, options, host),
  };
}

interface Turn {
  readonly options: CommandAgentOptions;
  readonly host: PluginHost;
  readonly program: string;
  readonly args: readonly string[];
  readonly request: AgentRequest;
  readonly context: AgentContext;
}

async function runTurn(turn: Turn): Promise<AgentResult> {
  const { options, host, request } = turn;
  refuseWhatCannotBeKept(turn);
  if (options.resultFile !== null) await removeResultFile(request.cwd, options.resultFile);
  if (options.prompt === "stdin") return runCommand(turn, null);
  const promptFile = await writePrompt(host.stateFolder, request);
  try {
    return await runCommand(turn, promptFile);
  } finally {
    await rm(promptFile, { force: true });
  }
}

/** A setting that would have no effect is refused: nobody should believe that it has one. */
function refuseWhatCannotBeKept({ args, request: { agent, model, access } }: Turn): void {
  const details = { retry: "never" } as const;
  if (model !== undefined && !args.some((argument) => argument.includes("{model}"))) {
    throw new TroupeError("AGENT_NOT_CONFIGURED", `agent "${agent}" has a model, but its command does not take it`, {
      hint: "Put {model} where the program expects it, for example: --model {model}",
      details,
    });
  }
  if (access !== "full") {
    throw new TroupeError(
      "AGENT_NOT_CONFIGURED",
      `access "${access}" of agent "${agent}" cannot be kept by a command`,
      {
        hint: "Limit the agent by the options of its own program.",
        details,
      },
    );
  }
}

/** Resolves with the path of a private file. Rejects `STORE_FAILED`. */
async function writePrompt(stateFolder: string, { runId, turn, prompt }: AgentRequest): Promise<string> {
  const folder = join(stateFolder, "prompts");
  const file = join(folder, `${runId}.${turn}.md`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(file, prompt, { mode: 0o600 });
    return file;
  } catch (error) {
    throw new TroupeError("STORE_FAILED", `the prompt of turn ${turn} could not be written to ${file}`, {
      hint: `Look at the folder: ls -ld '${folder}'; df -h '${stateFolder}'`,
      cause: error,
    });
  }
}

async function runCommand(turn: Turn, promptFile: string | null): Promise<AgentResult> {
  const { options, host, request, context } = turn;
  const output = createOutputCap({ maxBytes: options.maxOutputBytes });
  const errors = createOutputCap({ maxBytes: ERROR_BYTES });
  const argv = [turn.program, ...fillPlaceholders(turn, promptFile)];
  let outcome: ProcessOutcome;
  try {
    outcome = await runProcess({
      command: { argv },
      cwd: request.cwd,
      env: { ...request.env, ...options.env },
      input: promptFile === null ? request.prompt : null,
      marker: request.env[TURN_VARIABLE] ?? `${request.runId}/0/${request.turn}`,
      timeoutMs: request.timeoutMs,
      idleTimeoutMs: request.idleTimeoutMs,
      signal: context.signal,
      kill: context.kill,
      clock: host.clock,
      onStarted: (pid) => context.processStarted(pid),
      onOutput: (chunk, source) => {
        (source === "stdout" ? output : errors).write(chunk);
        context.output(chunk);
        context.activity("output");
      },
    });
  } catch (error) {
    throw hasCode(error, "PROCESS_NOT_STARTED") && error.details.reason === "program"
      ? notInstalled(turn.program, { agent: request.agent, cause: error })
      : error;
  }
  const texts = { errorText: errors.text(), outputText: output.text() };
  const failed: FailedTurn = { request, program: turn.program, outcome, ...texts };
  const failure = agentFailure(failed);
  if (failure !== null) throw failure;
  const text = options.resultFile === null ? texts.outputText : await readResultFile(options, request.cwd);
  if (text === null || text.trim() === "") throw noOutput(failed, options.resultFile);
  return { output: text.replace(/[\r\n]+$/, ""), session: null, usage: null };
}

function fillPlaceholders({ args, request }: Turn, promptFile: string | null): readonly string[] {
  const { model, agent } = request;
  // one pass, so that a value that looks like a placeholder stays what it is
  return args.map((argument) =>
    argument.replaceAll(/\{(?:prompt_file|model)\}/g, (placeholder) => {
      if (placeholder === "{prompt_file}") return promptFile ?? placeholder;
      if (model !== undefined) return model;
      throw new TroupeError(
        "AGENT_NOT_CONFIGURED",
        `the command of agent "${agent}" uses {model}, but no model is set`,
        {
          hint: `Set a model for agent "${agent}", or remove {model} from its command.`,
          details: { retry: "never" },
        },
      );
    }),
  );
}

async function checkProgram(program: string, options: CommandAgentOptions, host: PluginHost): Promise<AgentHealth> {
  const searchPath = options.env.PATH ?? host.environment.PATH;
  const path = await findProgram({ program, searchPath, folder: host.projectFolder });
  if (path !== null) return { ok: true, version: null, message: `found ${path}`, hint: null };
  const { message, hint } = notInstalled(program, { agent: null });
  return { ok: false, version: null, message, hint };
}
