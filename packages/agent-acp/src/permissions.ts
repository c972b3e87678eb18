import { isAbsolute, relative } from "node:path";
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
    const paths = pathsOf(call);
    if (paths.length > 0 && paths.every((path) => folders.some((folder) => isInside(folder, path)))) return "allow";
  }
  return "ask";
}

/** All that it names. What names no file could mean any. */
function pathsOf({ locations, content }: ToolCallUpdate): readonly string[] {
  const changed = (content ?? []).flatMap((one) => (one.type === "diff" ? [one.path] : []));
  return [...(locations ?? []).map(({ path }) => path), ...changed];
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

/** What runs on its own (hooks of git) and what tells how the run stands are no work of an agent. */
const FOREIGN: readonly string[] = [".git", ".troupe"];

function isInside(folder: string, path: string): boolean {
  const way = isAbsolute(path) ? relative(folder, path) : path;
  const steps = way.split(/[\\/]/);
  const isWithin = !isAbsolute(way) && !steps.includes("..");
  return isWithin && !steps.some((step) => FOREIGN.includes(step.toLowerCase()));
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
