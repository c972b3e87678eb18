import { lstat } from "node:fs/promises";
import { isAbsolute, relative, resolve, sep } from "node:path";
import type { PermissionOption, RequestPermissionOutcome, ToolCallUpdate } from "@agentclientprotocol/sdk";
import { type AgentAccess, readToolName, VERDICT_TOOL } from "@troupe/core";
import { realPathOf } from "./real-path.js";

export interface PermissionScope {
  readonly access: AgentAccess;
  /** Absolute: relative paths start there. */
  readonly cwd: string;
  /** Absolute folders in which `edit` may change files. */
  readonly folders: readonly string[];
  /** Names of the tool servers that the turn itself offers. */
  readonly servers: readonly string[];
}

const READS: readonly (string | null | undefined)[] = ["read", "search", "think"];
const EDITS: readonly (string | null | undefined)[] = ["edit", "delete", "move"];
/** Kinds under which agents show tools of others. */
const OTHERS: readonly (string | null | undefined)[] = [undefined, null, "other"];

/** What becomes of a request, before a person is asked. Judged by the kind of the tool, never by texts of the model. */
export async function judgePermission(
  call: ToolCallUpdate,
  scope: PermissionScope,
): Promise<"allow" | "reject" | "ask"> {
  const { access } = scope;
  if (access === "full") return "allow";
  // whatever it calls itself, what shows a change makes one
  const isChange = EDITS.includes(call.kind) || (call.content ?? []).some(({ type }) => type === "diff");
  if (!isChange && (READS.includes(call.kind) || isOwnTool(call, scope.servers))) return "allow";
  if (access === "readOnly") return "reject";
  const isEdit = isChange && [...EDITS, ...READS].includes(call.kind);
  return access === "edit" && isEdit && (await isCovered(call, scope)) ? "allow" : "ask";
}

/** An agent may take these for a URL, or for a home folder. */
const OTHER_WORDS = /^(?:~|[a-z][a-z\d+.-]+:)/i;

/** Everything that it names lies where `edit` may change files. A move has two ends, and one that is not named may be anywhere. */
async function isCovered(call: ToolCallUpdate, { cwd, folders }: PermissionScope): Promise<boolean> {
  const paths = new Set(pathsOf(call));
  if (paths.size < (call.kind === "move" ? 2 : 1)) return false;
  if ([...paths].some((path) => OTHER_WORDS.test(path))) return false;
  const known = await Promise.all(folders.map(async (path) => ({ path, real: await realPathOf(path) })));
  for (const path of paths) {
    // both what the words say and where the links lead: an agent may go either way
    const lexical = resolve(cwd, path);
    const real = await realPathOf(isAbsolute(path) ? path : `${cwd}${sep}${path}`);
    const isSaid = known.some((folder) => [folder.path, folder.real].some((one) => isInside(one, lexical)));
    if (!isSaid || real === null || !known.some((folder) => isInside(folder.real, real))) return false;
    if (!(await changesNoMore(real, call.kind === "delete"))) return false;
  }
  return true;
}

/** A folder holds what was not named, such as `.git`; what is written to a file with other names may lie anywhere. */
async function changesNoMore(path: string, isDeleted: boolean): Promise<boolean> {
  try {
    const found = await lstat(path);
    return isDeleted ? !found.isDirectory() : found.isDirectory() || found.nlink === 1;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ENOENT";
  }
}

/** All that it names. What names no file could mean any. */
function pathsOf({ locations, content }: ToolCallUpdate): readonly string[] {
  const changed = (content ?? []).flatMap((one) => (one.type === "diff" ? [one.path] : []));
  return [...(locations ?? []).map(({ path }) => path), ...changed];
}

/** A tool that we offer ourselves, such as the one for a verdict. */
function isOwnTool(call: ToolCallUpdate, servers: readonly string[]): boolean {
  return OTHERS.includes(call.kind) && readToolName(call.name ?? call.title ?? "", servers)?.tool === VERDICT_TOOL;
}

/** What runs on its own (hooks of git) and what tells how the run stands are no work of an agent. */
const FOREIGN: readonly string[] = [".git", ".troupe"];

function isInside(folder: string | null, path: string | null): boolean {
  if (folder === null || path === null) return false;
  const way = relative(folder, path);
  const steps = way.split(/[\\/]/);
  return way !== "" && !isAbsolute(way) && !steps.includes("..") && !steps.some(isForeign);
}

/** Other file systems take `.GIT`, `.git.`, `.git::$INDEX`, `.g\u200Cit` for the same name, and `GIT~1` may stand for it. */
function isForeign(step: string): boolean {
  const name = step
    .normalize("NFKC")
    .replace(/\p{Default_Ignorable_Code_Point}/gu, "")
    .toLowerCase();
  return FOREIGN.includes(name.replace(/(?:[. ]+|:.*)$/, "")) || /~\d+(?:[.:]|$)/.test(name);
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
