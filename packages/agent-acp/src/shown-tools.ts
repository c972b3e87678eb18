import { type Json, readToolName, type ToolUse } from "@troupe/core";
import { recordOf, textOf } from "./read-wire.js";

type Fields = Readonly<Record<string, unknown>>;

/** Which of the offered tools an agent shows to have called. */
export interface ShownTools {
  /** A `tool_call` or `tool_call_update`. */
  follow(update: Fields): void;
  /** Calls that have ended well, of tools of these servers. */
  uses(servers: readonly string[]): readonly ToolUse[];
}

interface Call {
  readonly name: string | null;
  readonly title: string | null;
  readonly kind: string | null;
  readonly input: unknown;
}

/** Kinds under which agents show tools of others; the titles of the rest may be names of files and commands. */
const KINDS: readonly (string | null)[] = [null, "other"];
/** More are not remembered: a verdict is submitted once. */
const MOST_USES = 100;

export function createShownTools(): ShownTools {
  const running = new Map<string, Call>();
  const ended: Call[] = [];
  return {
    follow: (update) => {
      const id = textOf(update.toolCallId);
      if (id === null) return;
      const before = running.get(id);
      const call: Call = {
        name: textOf(update.name) ?? before?.name ?? null,
        title: textOf(update.title) ?? before?.title ?? null,
        kind: textOf(update.kind) ?? before?.kind ?? null,
        input: update.rawInput ?? before?.input,
      };
      if (update.status === "completed" || update.status === "failed") running.delete(id);
      else running.set(id, call);
      if (update.status === "completed") {
        ended.push(call);
        ended.splice(0, ended.length - MOST_USES);
      }
    },
    uses: (servers) => ended.flatMap((call) => useOf(call, servers) ?? []),
  };
}

function useOf({ name, title, kind, input }: Call, servers: readonly string[]): ToolUse | null {
  const fields = recordOf(input);
  const [server, tool] = [textOf(fields.server), textOf(fields.tool)];
  // Codex calls it an execution, and tells apart what it executes; the title says that it is no input of another tool
  if (server !== null && tool !== null && title === `mcp.${server}.${tool}`) {
    return servers.includes(server) ? { server, tool, ...inputOf(fields.arguments) } : null;
  }
  const use = KINDS.includes(kind) ? readToolName(name ?? title ?? "", servers) : null;
  return use === null ? null : { ...use, ...inputOf(input) };
}

/** Some agents begin a call with an empty input, or never tell it. */
function inputOf(input: unknown): Pick<ToolUse, "input"> {
  return Object.keys(recordOf(input)).length === 0 ? {} : { input: input as Json }; // it has come as JSON
}
