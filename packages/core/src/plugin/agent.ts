import type { ErrorCode } from "../errors/codes.js";
import type { Json } from "../errors/troupe-error.js";
import type { AgentId, RunId, StageId, TurnId } from "../model/ids.js";
import type { TurnKind, Usage, Verdict } from "../model/turn.js";
import type { Logger } from "./logger.js";
import type { ToolUse } from "./tool-use.js";

/** What an agent may do without being asked. */
export type AgentAccess = "readOnly" | "ask" | "edit" | "full";

/** A tool server offered to the agent for one turn. */
export interface McpServer {
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /**
   * What the agent is to know of it. Whoever hands the server to the agent adds it to the end of the prompt; an agent
   * that is not given the server is not told of it.
   */
  readonly instructions?: string;
}

/** One prompt to an agent: what it is asked, by whom, and where it works. */
export interface AgentRequest {
  readonly runId: RunId;
  readonly turn: TurnId;
  readonly stage: StageId;
  readonly kind: TurnKind;
  readonly round: number;
  readonly agent: AgentId;
  readonly prompt: string;
  /** Absolute working folder. */
  readonly cwd: string;
  /** Absolute; the agent leaves the stage's artifacts here. */
  readonly artifactsFolder: string;
  /** The whole environment of the agent, with the process marker. */
  readonly env: Readonly<Record<string, string>>;
  readonly access: AgentAccess;
  readonly model?: string;
  /** A session to go on with; an agent that cannot, starts a new one. */
  readonly session?: string;
  /**
   * JSON Schema of a result that the agent should return, where it can and is not given `tools` for it. Of a review it is
   * `VERDICT_SCHEMA`; what comes is read with `readGivenVerdict` and returned as {@link AgentResult.verdict}.
   */
  readonly resultSchema?: Json;
  /** For agents that take MCP servers over HTTP; others pass over them. They are gone when the turn is. */
  readonly tools?: readonly McpServer[];
  /** null = unbounded. */
  readonly timeoutMs: number | null;
  readonly idleTimeoutMs: number | null;
}

/** What a turn of an agent can tell and hear while it runs. */
export interface AgentContext {
  readonly signal: AbortSignal;
  /** Aborts when grace periods are over: kill at once. */
  readonly kill: AbortSignal;
  readonly logger: Logger;
  /** Raw bytes for the log. */
  output(chunk: Uint8Array): void;
  activity(kind: "output" | "tool-start" | "tool-end"): void;
  /**
   * Asks the person, who is told which stage, turn and agent it is. Rejects when the turn or `signal` aborts, or the turn
   * is over: the question is withdrawn. Absent = there is nobody to ask.
   */
  ask?(question: string, signal?: AbortSignal): Promise<string>;
  /** Right after a spawn, before anything else: the process is noted so that a takeover can end it. */
  processStarted(pid: number): void;
  /** As soon as it is known: it stands for the turn also when `run` rejects. Usage is of the whole turn so far. */
  known(update: { readonly session?: string; readonly usage?: Usage }): void;
}

/** What an agent answered, once it has ended by itself. */
export interface AgentResult {
  /** The final text, never a partial one of a killed agent. */
  readonly output: string;
  readonly session: string | null;
  /** Of this turn only; null = unknown. */
  readonly usage: Usage | null;
  /** When the agent gave it by `resultSchema` or a tool of its own; a call of a tool of the request is not told here. */
  readonly verdict?: Verdict;
  /** Why what it gave by schema is no verdict, as `readGivenVerdict` says it. */
  readonly verdictProblem?: string;
  /**
   * Calls of the request's `tools` that have ended well, as the agent's own stream shows them: of an approval by tool,
   * which whoever reads the token could have submitted, they tell that it is the agent's. Absent = its stream shows none.
   */
  readonly toolUses?: readonly ToolUse[];
}

/** What `troupe doctor` and `troupe agents` say of an agent; found without a call of its model. */
export interface AgentHealth {
  readonly ok: boolean;
  readonly version: string | null;
  /** `unknown` where the program does not tell without asking its service. `out` may be well: a turn can bring a key. */
  readonly login: "in" | "out" | "unknown";
  readonly message: string | null;
  readonly hint: string | null;
  /** Of one that is not ok: what a run is refused with; `AGENT_NOT_INSTALLED` unless given. */
  readonly code?: ErrorCode;
}

/** What the configuration asks of an agent besides its plugin. */
export type AgentDemand = Pick<ConfiguredAgent, "model" | "access" | "env">;

/**
 * Performs the turns of one or more agent ids. `run` rejects with `AGENT_*` or `TURN_TIMEOUT`; after an abort it
 * rejects only once its process tree is gone. `details.retry: "never"` on the error rules out another attempt,
 * `details.notBefore` (wall time in ms) names when a limit resets. `details.limited: true` is a limit that may not say so:
 * neither uses an attempt.
 */
export interface AgentRunner {
  run(request: AgentRequest, context: AgentContext): Promise<AgentResult>;
  /**
   * No model call; ten seconds at most. With a demand it is not ok when a turn would be refused for it: a model that the
   * agent does not take, an access that it cannot keep (`AGENT_NOT_CONFIGURED`).
   */
  check?(demand?: AgentDemand): Promise<AgentHealth>;
  close?(): Promise<void>;
}

/** An agent id with what the configuration says of it. */
export interface ConfiguredAgent {
  readonly id: AgentId;
  readonly runner: AgentRunner;
  readonly persona: string | null;
  readonly model: string | null;
  readonly access: AgentAccess;
  /** Added to the allow-listed environment. */
  readonly env: Readonly<Record<string, string>>;
}
