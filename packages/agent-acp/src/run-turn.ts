import { methods } from "@agentclientprotocol/sdk";
import {
  type AgentContext,
  type AgentRequest,
  type AgentResult,
  hasCode,
  type PluginHost,
  readSessionMark,
  type TroupeError,
  writeSessionMark,
} from "@troupe/core";
import { TURN_VARIABLE } from "@troupe/process";
import { createPermissionAnswers, type PermissionAnswers } from "./answer-permissions.js";
import { conclude, startSafely } from "./conclude.js";
import { type Ask, type ExchangeEnd, type ExchangeRequest, exchange } from "./exchange.js";
import { deaf, notInstalled, stopped, stuckAtStart, turnFailure } from "./failures.js";
import { findCommand } from "./find-command.js";
import { introduce, openSession } from "./open-session.js";
import type { AcpAgentOptions } from "./options.js";
import type { ModeSetting } from "./presets.js";
import { type AuthMethod, readPromptEnd, recordOf } from "./read-wire.js";
import { settingsOf, setUpSession } from "./set-up-session.js";
import { withinStart } from "./start-limit.js";
import { createTranscript, type Transcript } from "./transcript.js";
import { createUsageMeter, NOTHING_YET, type UsageMeter } from "./usage-meter.js";

export interface TurnRequest {
  readonly options: AcpAgentOptions;
  readonly host: PluginHost;
  readonly request: AgentRequest;
  readonly context: AgentContext;
}

/** Asked to cancel; input closed; TERM; KILL and sweep. */
const LADDER = { askMs: 2000, closeMs: 3000, termMs: 5000 };
const NOISE_LENGTH = 2000;

interface Turn extends TurnRequest {
  readonly settings: readonly ModeSetting[];
  readonly transcript: Transcript;
  readonly meter: UsageMeter;
  readonly permissions: PermissionAnswers;
  /** How far it has come. */
  session: string | null;
  authMethods: readonly AuthMethod[];
  step: string;
}

export async function runTurn(turnRequest: TurnRequest): Promise<AgentResult> {
  const turn = createTurn(turnRequest);
  const { options, host, request, context, transcript, meter, permissions } = turn;
  const env = { ...request.env, ...options.env };
  const who = ` of agent "${request.agent}"`;
  const search = { options, searchPath: env.PATH, projectFolder: host.projectFolder, who };
  const { argv } = await findCommand(search);
  let end: ExchangeEnd<string>;
  try {
    end = await exchange({ ...listeners(turn), argv, env, talk: (ask) => talk(turn, ask) });
  } catch (error) {
    throw hasCode(error, "PROCESS_NOT_STARTED") && error.details.reason === "program"
      ? notInstalled(argv[0] ?? "", who, options, error)
      : error;
  } finally {
    permissions.cancel();
    transcript.end();
  }
  const { outcome, talked, isCutShort, stderr } = end;
  if (talked !== null && "said" in talked && !isCutShort) {
    const output = conclude(talked.said, transcript, request, host.clock.now());
    const toolUses = transcript.toolUses((request.tools ?? []).map(({ name }) => name));
    return { output, session: markOf(turn), usage: meter.turn(), ...(toolUses.length === 0 ? {} : { toolUses }) };
  }
  if (outcome.ended === "aborted" && (isCutShort || context.signal.aborted))
    throw stopped({ request, outcome, stderr });
  const error = talked !== null && "error" in talked ? talked.error : null;
  const { authMethods, step } = turn;
  throw turnFailure({ request, options, authMethods, outcome, error, step, stderr, now: host.clock.now() });
}

function createTurn(turnRequest: TurnRequest): Turn {
  const { options, host, request, context } = turnRequest;
  const meter = createUsageMeter(options.tokens);
  const transcript: Transcript = createTranscript({
    write: (text) => context.output(Buffer.from(text)),
    activity: (kind) => context.activity(kind),
    cost: (amountUsd) => {
      if (amountUsd === null) return;
      meter.cost(amountUsd);
      tellUsage(turn);
    },
  });
  const turn: Turn = {
    ...turnRequest,
    settings: settingsOf(options, request),
    transcript,
    meter,
    permissions: createPermissionAnswers({ request, context, note: transcript.note, clock: host.clock }),
    session: null,
    authMethods: [],
    step: "its start",
  };
  return turn;
}

/** With how far the session has counted: a later turn may be in a process that knows nothing else of it. */
function markOf({ session, meter }: Turn): string | null {
  return session === null ? null : writeSessionMark({ id: session, total: meter.totals() });
}

function tellUsage(turn: Turn): void {
  const [session, usage] = [markOf(turn), turn.meter.turn()];
  if (session !== null && usage !== null) turn.context.known({ session, usage });
}

/** What the process and the connection tell, and what bounds them. */
function listeners(turn: Turn): Omit<ExchangeRequest<string>, "argv" | "env" | "talk"> {
  const { host, request, context, transcript, permissions } = turn;
  return {
    cwd: request.cwd,
    marker: request.env[TURN_VARIABLE] ?? `${request.runId}/0/${request.turn}`,
    timeoutMs: request.timeoutMs,
    idleTimeoutMs: request.idleTimeoutMs,
    ladder: LADDER,
    signal: context.signal,
    kill: context.kill,
    clock: host.clock,
    toolRunning: () => transcript.isToolRunning() || permissions.isAsking(),
    pausedMs: permissions.askedMs,
    onStarted: (pid: number) => context.processStarted(pid),
    onOutput: (chunk: Uint8Array, source: "stdout" | "stderr") => {
      if (source === "stderr") {
        transcript.makeWay();
        context.output(chunk);
      }
      context.activity("output");
    },
    onNoise: (line: string) => transcript.note(`not of the protocol: ${line.slice(0, NOISE_LENGTH)}`),
    onUpdate: (params: unknown) => {
      const { sessionId, update } = recordOf(params);
      if (turn.session === null || sessionId === turn.session) transcript.update(update);
    },
    onPermission: permissions.answer,
    onDeaf: () => deaf(request, turn.step),
    onStop: (notify: (method: string, params: object) => void) => {
      permissions.cancel();
      if (turn.session !== null) notify(methods.agent.session.cancel, { sessionId: turn.session });
    },
  };
}

/** Everything that is said in a turn; resolves with the reason of its end. */
async function talk(turn: Turn, askAgent: Ask): Promise<string> {
  const { context, transcript, meter } = turn;
  const before = turn.request.session === undefined ? null : readSessionMark(turn.request.session);
  const request = before === null ? turn.request : { ...turn.request, session: before.id };
  const ask: Ask = (method, params) => {
    turn.step = method;
    return askAgent(method, params);
  };
  const note = transcript.note;
  const begin = async (): Promise<{ readonly sessionId: string; readonly takesHttpTools: boolean }> => {
    const profile = await introduce(ask);
    turn.authMethods = profile.authMethods;
    const session = await openSession({ ask, profile, request, note });
    turn.session = session.id;
    meter.startFrom(session.isContinued ? (before?.total ?? null) : NOTHING_YET);
    const mark = markOf(turn);
    if (mark !== null) context.known({ session: mark });
    await setUpSession({ ask, session, request, settings: turn.settings, note });
    return { sessionId: session.id, takesHttpTools: profile.takesHttpTools };
  };
  const stuck = (limitMs: number): TroupeError => stuckAtStart(request, turn.step, limitMs);
  const { sessionId, takesHttpTools } = await withinStart(turn.host.clock, begin(), stuck);
  meter.begin();
  transcript.begin();
  const prompt = [{ type: "text", text: startSafely(withInstructions(request, takesHttpTools)) }];
  const { stopReason, tokens } = readPromptEnd(await ask(methods.agent.session.prompt, { sessionId, prompt }));
  if (tokens !== null) meter.tokens(tokens);
  tellUsage(turn);
  return stopReason;
}

/** How the offered tools are used is said only to an agent that has them. */
function withInstructions({ prompt, tools = [] }: AgentRequest, hasTools: boolean): string {
  if (!hasTools) return prompt;
  return [prompt, ...tools.flatMap(({ instructions }) => instructions ?? [])].join("\n\n");
}
