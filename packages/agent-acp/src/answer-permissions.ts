import type { RequestPermissionRequest, RequestPermissionResponse } from "@agentclientprotocol/sdk";
import { type AgentContext, type AgentRequest, type Clock, sanitizeLine } from "@troupe/core";
import { chooseOption, judgePermission } from "./permissions.js";

export interface PermissionAnswers {
  answer(asked: RequestPermissionRequest): Promise<RequestPermissionResponse>;
  /** Whether a person is thinking: no silence of the agent's. */
  isAsking(): boolean;
  /** Milliseconds in which a person was thinking, or others were before this turn: none of the agent's time. */
  askedMs(): number;
  /** Everything under way, and all that follows, counts as cancelled: else the agent's turn never ends. */
  cancel(): void;
}

export interface PermissionAsker {
  readonly request: AgentRequest;
  readonly context: AgentContext;
  readonly clock: Clock;
  readonly note: (line: string) => void;
}

const CANCELLED: RequestPermissionResponse = { outcome: { outcome: "cancelled" } };

export function createPermissionAnswers({ request, context, clock, note }: PermissionAsker): PermissionAnswers {
  const scope = {
    access: request.access,
    cwd: request.cwd,
    folders: [request.cwd, request.artifactsFolder],
    servers: (request.tools ?? []).map(({ name }) => name),
  };
  const cancelled = new AbortController();
  const onCancel = new Promise<"cancelled">((resolve) => {
    cancelled.signal.addEventListener("abort", () => resolve("cancelled"), { once: true });
  });
  const asked = createStopwatch(clock);
  const askPerson = async (what: string): Promise<"allow" | "reject" | "cancelled"> => {
    if (context.ask === undefined) {
      context.logger.warn(nobodyThere(request, what));
      return "reject";
    }
    asked.start();
    try {
      const reply = await Promise.race([context.ask(`Allow it to ${what}? [y/N]`, cancelled.signal), onCancel]);
      if (cancelled.signal.aborted) return "cancelled";
      return /^\s*(?:y|yes|allow|ok)\s*$/i.test(reply) ? "allow" : "reject";
    } catch (error) {
      if (cancelled.signal.aborted || context.signal.aborted) return "cancelled";
      context.logger.warn(`no answer to "${what}": ${error instanceof Error ? error.message : String(error)}`);
      return "reject";
    } finally {
      asked.stop();
    }
  };
  return {
    answer: async ({ toolCall, options }) => {
      if (cancelled.signal.aborted) return CANCELLED;
      const what = sanitizeLine(`${toolCall.kind ?? "use"}: ${toolCall.title ?? toolCall.name ?? toolCall.toolCallId}`);
      const judged = await judgePermission(toolCall, scope);
      const decision = judged === "ask" ? await askPerson(what) : judged;
      if (decision === "cancelled") return CANCELLED;
      note(`permission to ${what}: ${decision === "allow" ? "given" : "refused"}`);
      return { outcome: chooseOption(options, decision === "allow") };
    },
    isAsking: asked.isRunning,
    askedMs: asked.totalMs,
    cancel: () => cancelled.abort(),
  };
}

/** What would have allowed it is said: this tool call is refused, and the agent goes on without. */
function nobodyThere({ agent, access }: AgentRequest, what: string): string {
  const enough = access === "ask" ? '"edit" (files only) or "full"' : '"full"';
  return `refused, for nobody is there to ask: agent "${agent}" (access "${access}") wants to ${what}. To allow it, run it without --no-input and not in CI, or set its access in troupe.yaml to ${enough}`;
}

interface Stopwatch {
  /** As often as it was started, it has to be stopped. */
  start(): void;
  stop(): void;
  isRunning(): boolean;
  totalMs(): number;
}

function createStopwatch(clock: Clock): Stopwatch {
  let running = 0;
  let startedAt = 0;
  let passedMs = 0;
  return {
    start: () => {
      if (running === 0) startedAt = clock.monotonic();
      running += 1;
    },
    stop: () => {
      running -= 1;
      if (running === 0) passedMs += clock.monotonic() - startedAt;
    },
    isRunning: () => running > 0,
    totalMs: () => passedMs + (running > 0 ? clock.monotonic() - startedAt : 0),
  };
}
