import { isAbsolute, relative, sep } from "node:path";
import type { PermissionOption, RequestPermissionOutcome, ToolCallUpdate } from "@agentclientprotocol/sdk";
import type { AgentAccess } from "@troupe/core";

export interface PermissionScope {
  readonly access: AgentAccess;
  /** Absolute folders in which `edit` may change files. */
  readonly folders: readonly string[];
  /** Names of the tool servers that the turn itself offers. */
  readonly servers: readonly string[];
}

const READS: readonly (string | null | undefined)[] = ["read", "search", "think"];
const EDITS: readonly (string | null | undefined)[] = ["edit", "delete", "move"];
const HARMS: readonly (string | null | undefined)[] = [...EDITS, "execute", "switch_mode"];

/** What becomes of a request, before a person is asked. Judged by the kind of the tool, never by texts of the model. */
export function judgePermission(call: ToolCallUpdate, scope: PermissionScope): "allow" | "reject" | "ask" {
  const { access, folders } = scope;
  if (access === "full") return "allow";
  if (READS.includes(call.kind) || isOwnTool(call, scope.servers)) return "allow";
  if (access === "readOnly") return "reject";
  if (access === "edit" && EDITS.includes(call.kind)) {
    const paths = (call.locations ?? []).map(({ path }) => path);
    if (paths.every((path) => folders.some((folder) => isInside(folder, path)))) return "allow";
  }
  return "ask";
}

/**
 * A tool that we offer ourselves, such as the one for a verdict: agents name it with its server in front. Some say the
 * name as the title, where a model's words may stand as well: so all of it has to be a name, and nothing behind it.
 */
function isOwnTool({ kind, name, title }: ToolCallUpdate, servers: readonly string[]): boolean {
  if (HARMS.includes(kind)) return false;
  const called = name ?? title ?? "";
  return servers.some((server) =>
    [`mcp__${server}__`, `${server}__`, `${server}_`, `${server}.`, `${server}/`, `${server}:`].some(
      (start) => called.startsWith(start) && /^[A-Za-z][A-Za-z0-9_-]*$/.test(called.slice(start.length)),
    ),
  );
}

function isInside(folder: string, path: string): boolean {
  if (!isAbsolute(path)) return !path.split(/[\\/]/).includes("..");
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** The option of that kind, for this once if there is one; without any the request counts as cancelled. */
export function chooseOption(options: readonly PermissionOption[], isAllowed: boolean): RequestPermissionOutcome {
  const kinds = isAllowed ? ["allow_once", "allow_always"] : ["reject_once", "reject_always"];
  for (const kind of kinds) {
    const option = options.find((each) => each.kind === kind);
    if (option !== undefined) return { outcome: "selected", optionId: option.optionId };
  }
  return { outcome: "cancelled" };
}
