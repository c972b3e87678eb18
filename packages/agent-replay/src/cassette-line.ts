import { ERROR_CODES, type ErrorCode, isId, pathProblem, type TurnKind, type Usage } from "@troupe/core";

/** A file that a recorded turn writes before its output is returned. */
export interface CassetteFile {
  /** Relative to `root`. */
  readonly path: string;
  /** null = the file is deleted. */
  readonly content: string | null;
  /** Of the content; `base64` where it is no text. */
  readonly encoding: "utf8" | "base64";
  /** The working folder, or the folder in which the stage leaves its artifacts. */
  readonly root: "workspace" | "artifacts";
}

/** The error of a turn that was recorded as failed. */
export interface CassetteError {
  readonly code: ErrorCode;
  readonly message: string;
  /** `never`: another attempt would fail alike. */
  readonly retry: "never" | null;
}

/** One recorded turn; stage, round, turn and agent are its key. */
export interface CassetteLine {
  readonly stage: string;
  readonly round: number;
  readonly turn: TurnKind;
  readonly agent: string;
  readonly delayMs: number;
  readonly output: string;
  readonly files: readonly CassetteFile[];
  readonly usage: Usage | null;
  /** The turn fails with it, after its files are written. */
  readonly error: CassetteError | null;
}

type Fields = Readonly<Record<string, unknown>>;
type Report = (message: string) => void;

const TURNS: readonly string[] = ["work", "review", "check", "fix"] satisfies readonly TurnKind[];
const KEYS = ["stage", "round", "turn", "agent", "delayMs", "output", "files", "usage", "error"];

/** Reads one line; every mistake goes to `report`, and the result counts only if there was none. */
export function readLine(text: string, report: Report): CassetteLine | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    report(`is not JSON: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
  if (!isFields(value)) {
    report("is not a JSON object");
    return null;
  }
  let isSound = true;
  const problem: Report = (message) => {
    isSound = false;
    report(message);
  };
  refuseUnknown(value, KEYS, "", problem);
  checkKey(value, problem);
  const { delayMs = 0, output = (value.error ?? null) === null ? undefined : "" } = value;
  if (!isCount(delayMs, 0)) problem("delayMs must be a whole number of milliseconds");
  if (typeof output !== "string") problem("output must be text");
  const files = readFiles(value.files ?? [], problem);
  const usage = readUsage(value.usage ?? null, problem);
  const error = readError(value.error ?? null, problem);
  const { stage, round, turn, agent } = value;
  return isSound ? ({ stage, round, turn, agent, delayMs, output, files, usage, error } as CassetteLine) : null;
}

function checkKey({ stage, round, turn, agent }: Fields, problem: Report): void {
  if (typeof stage !== "string" || !isId(stage)) problem("stage must be the id of a stage");
  if (!isCount(round, 1)) problem("round must be a whole number from 1");
  if (typeof turn !== "string" || !TURNS.includes(turn)) problem(`turn must be one of ${TURNS.join(", ")}`);
  if (typeof agent !== "string" || !isId(agent)) problem("agent must be the id of an agent");
}

function readFiles(value: unknown, problem: Report): readonly CassetteFile[] {
  if (!Array.isArray(value)) {
    problem("files must be a list");
    return [];
  }
  return value.map((file: unknown, index): CassetteFile => {
    const at = `files[${index}]`;
    if (!isFields(file)) {
      problem(`${at} must be an object with path and content`);
      return { path: "", content: "", encoding: "utf8", root: "workspace" };
    }
    refuseUnknown(file, ["path", "content", "encoding", "root"], `${at}.`, problem);
    const { path, content, encoding = "utf8", root = "workspace" } = file;
    const wrong = typeof path === "string" ? pathProblem(path) : "it is not text";
    if (wrong !== null) problem(`${at}.path cannot be used: ${wrong}`);
    if (typeof content !== "string" && content !== null) problem(`${at}.content must be text, or null to delete it`);
    if (encoding !== "utf8" && encoding !== "base64") problem(`${at}.encoding must be "utf8" or "base64"`);
    if (root !== "workspace" && root !== "artifacts") problem(`${at}.root must be "workspace" or "artifacts"`);
    return { path, content, encoding, root } as CassetteFile;
  });
}

function readUsage(value: unknown, problem: Report): Usage | null {
  if (value === null) return null;
  if (!isFields(value)) {
    problem("usage must be an object");
    return null;
  }
  const names = ["inputTokens", "outputTokens", "costUsd"];
  refuseUnknown(value, names, "usage.", problem);
  for (const name of names) {
    const amount = value[name] ?? null;
    const isAmount = typeof amount === "number" && Number.isFinite(amount) && amount >= 0;
    if (amount !== null && !isAmount) problem(`usage.${name} must be a number, or null where it is unknown`);
  }
  const { inputTokens = null, outputTokens = null, costUsd = null } = value;
  return { inputTokens, outputTokens, costUsd } as Usage;
}

function readError(value: unknown, problem: Report): CassetteError | null {
  if (value === null) return null;
  if (typeof value === "string") return { code: "AGENT_FAILED", message: value, retry: null };
  if (!isFields(value)) {
    problem("error must be text, or an object with a message");
    return null;
  }
  refuseUnknown(value, ["code", "message", "retry"], "error.", problem);
  const { code = "AGENT_FAILED", message, retry = null } = value;
  if (typeof code !== "string" || !Object.hasOwn(ERROR_CODES, code)) problem("error.code must be a known error code");
  if (typeof message !== "string") problem("error.message must be text");
  if (retry !== null && retry !== "never") problem('error.retry must be "never"');
  return { code, message, retry } as CassetteError;
}

function refuseUnknown(value: Fields, known: readonly string[], prefix: string, problem: Report): void {
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) problem(`${prefix}${key} is not known; known: ${known.join(", ")}`);
  }
}

function isCount(value: unknown, least: number): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= least;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
