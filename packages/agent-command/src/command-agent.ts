import { resolve } from "node:path";
import {
  type AgentContext,
  type AgentRequest,
  type AgentResult,
  type AgentRunner,
  hasCode,
  type Json,
  type PluginHost,
  readGivenVerdict,
  type SessionMark,
} from "@troupe/core";
import { createOutputCap, type ProcessOutcome, runProcess, TURN_VARIABLE } from "@troupe/process";
import { checkProgram } from "./check-program.js";
import { commandLine, presetOf, promptFor, refuseWhatCannotBeKept } from "./command-line.js";
import { agentFailure, type FailedTurn, isUnknownSession, noOutput, notInstalled, UNREAD_PROMPT } from "./failures.js";
import type { CommandAgentOptions } from "./options.js";
import { type ToolOffer, usableServers } from "./preset-tools.js";
import type { Preset } from "./presets.js";
import { readResultFile, removeResultFile } from "./result-file.js";
import { schemaResult } from "./schema-result.js";
import { sessionForArgument } from "./session-argument.js";
import { type TurnFiles, turnFilePath, writeTurnFiles } from "./turn-files.js";
import { createTurnStream, type TurnStream } from "./turn-stream.js";

/** What of standard error is kept for the message of a failure. */
const ERROR_BYTES = 8 * 1024;

/**
 * A known agent program, or any other, as an agent. The prompt goes to standard input or into a file, never into an
 * argument. See the README for what each end of the program means.
 */
export function createCommandAgent(options: CommandAgentOptions, host: PluginHost): AgentRunner {
  const [name = ""] = options.command;
  // by its path it means a file of the project, whatever folder a turn works in
  const program = /[\\/]/.test(name) ? resolve(host.projectFolder, name) : name;
  const preset = presetOf(options);
  return {
    run: (request, context) => runTurn({ options, host, program, preset, request, context }),
    check: (demand) => checkProgram({ program, preset, options, host, demand }),
  };
}

interface Turn {
  readonly options: CommandAgentOptions;
  readonly host: PluginHost;
  readonly program: string;
  readonly preset: Preset | null;
  readonly request: AgentRequest;
  readonly context: AgentContext;
}

/** What of a turn goes beside its prompt. */
interface Extras {
  readonly files: TurnFiles;
  /** JSON Schema as text; null = none, or the program takes none. */
  readonly schema: string | null;
  /** Null = no tool servers, or the program takes none. */
  readonly offer: Offer | null;
}

interface Offer extends ToolOffer {
  /** Names of the servers. */
  readonly names: readonly string[];
}

async function runTurn(turn: Turn): Promise<AgentResult> {
  const { options, host, preset, request } = turn;
  refuseWhatCannotBeKept(options, { ...request, model: request.model ?? null });
  if (options.resultFile !== null) await removeResultFile(request.cwd, options.resultFile);
  const offer = offerTools(turn);
  const takesSchema = preset?.schema != null && request.resultSchema !== undefined && offer === null;
  const schema = takesSchema ? JSON.stringify(request.resultSchema) : null;
  const told = offer === null ? [] : usableServers(request.tools).flatMap(({ instructions }) => instructions ?? []);
  const prompt = promptFor(preset, [request.prompt, ...told].join("\n\n"));
  const files = await writeTurnFiles(host.stateFolder, request, {
    prompt: options.prompt === "file" ? prompt : null,
    schema: preset?.schema === "file" ? schema : null,
    tools: offer?.content ?? null,
  });
  try {
    return await runInSession({ ...turn, request: { ...request, prompt } }, { files, schema, offer });
  } finally {
    await files.remove();
  }
}

function offerTools({ options, host, preset, request }: Turn): Offer | null {
  const servers = usableServers(request.tools);
  if (preset?.offerTools == null || servers.length === 0) return null;
  const file = turnFilePath(host.stateFolder, request, "tools");
  const env = { ...request.env, ...options.env };
  const offer = preset.offerTools({ servers, access: request.access, env, file });
  return offer === null ? null : { ...offer, names: servers.map(({ name }) => name) };
}

/** Goes on in the session that the turn was given; where the program does not know it, in a new one that says so. */
async function runInSession(turn: Turn, extras: Extras): Promise<AgentResult> {
  const { request, preset, host } = turn;
  const given = preset?.dialect == null ? undefined : request.session;
  const mark = given === undefined ? null : sessionForArgument(given);
  const fresh = { ...extras, session: null };
  if (given === undefined) return conclude(turn, extras, await runCommand(turn, fresh));
  if (mark !== null) {
    const startedAt = host.clock.monotonic();
    const ended = await runCommand(turn, { ...fresh, session: mark });
    if (!isUnknownSession(ended.failed)) return conclude(turn, extras, ended);
    const timeoutMs = request.timeoutMs === null ? null : request.timeoutMs - (host.clock.monotonic() - startedAt);
    return startAnew({ ...turn, request: { ...request, timeoutMs } }, given, fresh);
  }
  return startAnew(turn, given, fresh);
}

async function startAnew(turn: Turn, session: string, command: Command): Promise<AgentResult> {
  const { context, request, options } = turn;
  const notice = `agent "${request.agent}": ${options.preset} does not know the session ${session}, a new one begins`;
  context.logger.warn(notice);
  context.output(new TextEncoder().encode(`\n[troupe] ${notice}\n`));
  return conclude(turn, command, await runCommand(turn, command));
}

interface Command extends Extras {
  readonly session: SessionMark | null;
}

interface EndedCommand {
  /** The end as it would be told if it was a failure. */
  readonly failed: FailedTurn;
  readonly stream: TurnStream | null;
  readonly text: string;
}

async function runCommand(turn: Turn, { files, schema, offer, session }: Command): Promise<EndedCommand> {
  const { options, host, preset, program, request, context } = turn;
  const output = createOutputCap({ maxBytes: options.maxOutputBytes });
  const errors = createOutputCap({ maxBytes: ERROR_BYTES });
  const dialect = preset?.dialect ?? null;
  const stream =
    dialect === null ? null : createTurnStream(dialect, context, { before: session, servers: offer?.names ?? [] });
  const args = { options, program, request, files, schema, session: session?.id ?? null, tools: offer?.args ?? [] };
  let isPromptUnread = false;
  let outcome: ProcessOutcome;
  try {
    outcome = await runProcess({
      command: { argv: commandLine(args) },
      cwd: request.cwd,
      env: { ...request.env, ...offer?.env, ...options.env },
      input: files.promptFile === null ? request.prompt : null,
      marker: request.env[TURN_VARIABLE] ?? `${request.runId}/0/${request.turn}`,
      timeoutMs: request.timeoutMs,
      idleTimeoutMs: request.idleTimeoutMs,
      toolRunning: () => (stream?.state.tools.length ?? 0) > 0,
      signal: context.signal,
      kill: context.kill,
      clock: host.clock,
      onStarted: (pid) => context.processStarted(pid),
      onInputUnread: () => {
        isPromptUnread = true;
        context.output(new TextEncoder().encode(`\n[troupe] ${UNREAD_PROMPT}\n`));
      },
      onOutput: (chunk, source) => {
        context.output(chunk);
        context.activity("output");
        if (source === "stderr") errors.write(chunk);
        else (stream ?? output).write(chunk);
      },
    });
  } catch (error) {
    throw hasCode(error, "PROCESS_NOT_STARTED") && error.details.reason === "program"
      ? notInstalled(program, { agent: request.agent, preset, cause: error })
      : error;
  }
  stream?.end();
  const [text, errorText, now] = [output.text(), errors.text(), host.clock.now()];
  const state = stream?.state ?? null;
  return {
    failed: { request, program, preset, outcome, isPromptUnread, errorText, outputText: text, stream: state, now },
    stream,
    text,
  };
}

/** The result, or the error that the end of the program means. */
async function conclude({ options, request }: Turn, extras: Extras, ended: EndedCommand): Promise<AgentResult> {
  const { failed, stream } = ended;
  const failure = agentFailure(failed);
  if (failure !== null) throw failure;
  if (stream === null) {
    const text = options.resultFile === null ? ended.text : await readResultFile(options, request.cwd);
    if (text === null || text.trim() === "") throw noOutput(failed, options.resultFile);
    return { output: text.replace(/[\r\n]+$/, ""), session: null, usage: null };
  }
  const { isDone, text, structured } = stream.state;
  const result = extras.schema === null ? null : schemaResult(structured, text);
  const answer = result === null ? text : JSON.stringify(result);
  if (!isDone || answer === null || answer.trim() === "") throw noOutput(failed, null);
  const output = capText(answer.replace(/[\r\n]+$/, ""), options.maxOutputBytes);
  const isReview = extras.schema !== null && request.kind === "review";
  const { session, usage, toolUses } = stream;
  const told = toolUses.length === 0 ? {} : { toolUses };
  return { output, session, usage, ...told, ...(isReview ? verdictIn(result) : {}) };
}

function verdictIn(result: Json | null): Pick<AgentResult, "verdict" | "verdictProblem"> {
  const given = readGivenVerdict(result, "schema");
  return "verdict" in given ? { verdict: given.verdict } : { verdictProblem: given.problem };
}

function capText(text: string, maxBytes: number): string {
  const cap = createOutputCap({ maxBytes });
  cap.write(new TextEncoder().encode(text));
  return cap.text();
}
