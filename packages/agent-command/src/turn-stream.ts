import {
  type AgentContext,
  readToolName,
  type SessionMark,
  type ToolUse,
  type Usage,
  writeSessionMark,
} from "@troupe/core";
import { createJsonLines } from "./json-lines.js";
import type { Dialect } from "./presets.js";
import { NOTHING_READ, type StreamState } from "./stream-state.js";
import { usageOfTurn } from "./usage-of-turn.js";

/** Follows a program's stream while it runs, and tells the turn what it learns at once. */
export interface TurnStream {
  write(chunk: Uint8Array): void;
  end(): void;
  readonly state: StreamState;
  readonly usage: Usage | null;
  /** Calls of offered tools that have ended well. */
  readonly toolUses: readonly ToolUse[];
  /** What a later turn gives back in order to go on; null = the program told of no session. */
  readonly session: string | null;
}

/** What shapes the reading of one turn. */
interface StreamRequest {
  /** The session that the program goes on with; null = a new one. */
  readonly before: SessionMark | null;
  /** Names of the tool servers that the program was offered. */
  readonly servers: readonly string[];
}

export function createTurnStream(
  { read, counts }: Pick<Dialect, "read" | "counts">,
  context: AgentContext,
  { before, servers }: StreamRequest,
): TurnStream {
  let state: StreamState = NOTHING_READ;
  const usage = (): Usage | null => usageOfTurn(state.usage, state.total, before);
  const session = (): string | null => {
    if (state.session === null) return null;
    const start = before === null ? startOf(counts) : before.id === state.session ? before.total : null;
    return writeSessionMark({ id: state.session, total: state.total ?? start });
  };
  const lines = createJsonLines((object) => {
    const earlier = state;
    state = keepOffered(read(state, object), servers);
    tellTools(context, earlier.tools, state.tools);
    if (state.session === earlier.session && state.usage === earlier.usage && state.total === earlier.total) return;
    const [id, used] = [session(), usage()];
    context.known({ ...(id === null ? {} : { session: id }), ...(used === null ? {} : { usage: used }) });
  });
  return {
    write: (chunk) => lines.write(chunk),
    end: () => lines.end(),
    get state() {
      return state;
    },
    get usage() {
      return usage();
    },
    get toolUses() {
      return state.calls.flatMap(({ name, input, isWell }): readonly ToolUse[] => {
        const use = isWell === true ? readToolName(name, servers) : null;
        return use === null ? [] : [{ ...use, ...(input === undefined ? {} : { input }) }];
      });
    },
    get session() {
      return session();
    },
  };
}

/** Of a new session: told before anything is counted, so that a turn which is cut short leaves where the count began. */
function startOf(counts: Dialect["counts"]): Usage {
  const start = (field: keyof Usage): number | null => (counts.includes(field) ? 0 : null);
  return { inputTokens: start("inputTokens"), outputTokens: start("outputTokens"), costUsd: start("costUsd") };
}

/** Other calls may be many, and large. */
function keepOffered(state: StreamState, servers: readonly string[]): StreamState {
  const calls = state.calls.filter(({ name }) => readToolName(name, servers) !== null);
  return calls.length === state.calls.length ? state : { ...state, calls };
}

function tellTools(context: AgentContext, before: readonly string[], now: readonly string[]): void {
  for (const id of now) if (!before.includes(id)) context.activity("tool-start");
  for (const id of before) if (!now.includes(id)) context.activity("tool-end");
}
