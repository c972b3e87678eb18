import type * as z from "zod";
import type { Diagnostic } from "./diagnostic.js";
import { createDiagnosticLog, type DiagnosticLog } from "./diagnostic-log.js";
import {
  type TeamBotAcceptance,
  teamBotSettingsSchema,
  teamBotStateSchema,
  type WrittenTeamBotState,
} from "./teambot-schema.js";

/** Where a TeamBot run stood. */
export interface TeamBotState {
  /** As written: relative to TeamBot's project, or absolute on the machine it ran on. */
  readonly objectiveFile: string;
  readonly currentStage: string;
  /** `complete`, `error`, `acceptance_test_failed` and so on: whatever is written. */
  readonly status: string;
  readonly elapsedMs: number | null;
  readonly maxMs: number | null;
  /** Text by stage, blank ones left out. */
  readonly outputs: ReadonlyMap<string, string>;
  readonly featureName: string | null;
  /** null = the first version did not say. */
  readonly acceptancePassed: boolean | null;
  /** The newest attempt of the acceptance tests. */
  readonly lastAcceptance: TeamBotAcceptance | null;
  readonly acceptanceSummary: string | null;
  /** What became of members of groups; empty for states from before groups existed. */
  readonly members: ReadonlyMap<string, TeamBotMember>;
}

/** A stage of a group as TeamBot has noted it. */
export interface TeamBotMember {
  readonly status: "completed" | "failed" | "in_progress";
  readonly error: string | null;
}

/** What of a `teambot.json` concerns a run. */
export interface TeamBotSettings {
  /** Path of a workflow file of its own; null = `stages.yaml`, or TeamBot's own workflow. */
  readonly stagesConfig: string | null;
  readonly agents: readonly { readonly id: string; readonly persona: string | null; readonly model: string | null }[];
}

/** A file of TeamBot's, and what is to be said of its text. */
export interface ParsedTeamBot<T> {
  /** null when a diagnostic is an error. */
  readonly data: T | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads an `orchestration_state.json` of any age. Never throws for what is in the text. */
export function parseTeamBotState(text: string, fileName: string): ParsedTeamBot<TeamBotState> {
  return parseJsonFile(text, fileName, teamBotStateSchema, toState);
}

/** Reads a `teambot.json`. Never throws for what is in the text. */
export function parseTeamBotSettings(text: string, fileName: string): ParsedTeamBot<TeamBotSettings> {
  return parseJsonFile(text, fileName, teamBotSettingsSchema, ({ stages_config, default_model, agents }) => ({
    stagesConfig: stages_config ?? null,
    agents: (agents ?? []).map(({ id, persona, model }) => ({
      id,
      persona: persona ?? null,
      model: model ?? default_model ?? null,
    })),
  }));
}

/** Not through the YAML parser: its caps are made for what a person writes, and outputs are large. */
function parseJsonFile<Written, T>(
  text: string,
  fileName: string,
  schema: z.ZodType<Written>,
  convert: (written: Written) => T,
): ParsedTeamBot<T> {
  const log = createDiagnosticLog(fileName, text);
  const value = parseJson(text, log);
  const result = log.hasErrors() ? null : schema.safeParse(value);
  for (const issue of result?.error?.issues ?? []) reportIssue(issue, value, text, log);
  return { data: result?.success === true ? convert(result.data) : null, diagnostics: log.list() };
}

function parseJson(text: string, log: DiagnosticLog): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, " "));
  } catch (error) {
    const { start, isCut } = placeOf(error instanceof Error ? error.message : "", text);
    log.addSyntax(
      {
        span: { start, end: start + 1 },
        message: isCut ? "the file ends in the middle: TeamBot was ended while it wrote it" : "this is not JSON",
        hint: "Nothing can be taken from it. Import a copy from a backup, or start anew: troupe run OBJECTIVE",
      },
      "rest",
    );
    return undefined;
  }
}

/** The engine's message tells a position, or else quotes what stands around it. */
function placeOf(message: string, text: string): { readonly start: number; readonly isCut: boolean } {
  const end = text.trimEnd().length;
  if (/unexpected end|unterminated/i.test(message)) return { start: end, isCut: true };
  const position = /at position (\d+)/.exec(message)?.[1];
  const quoted = /, (?:\.\.\.)?"([\s\S]*?)"(?:\.\.\.)? is not valid JSON/.exec(message)?.[1] ?? "";
  return { start: position === undefined ? Math.max(0, text.indexOf(quoted)) : Number(position), isCut: false };
}

function reportIssue({ path, message }: z.core.$ZodIssue, value: unknown, text: string, log: DiagnosticLog): void {
  const keys = path.map(String);
  const isThere = keys.reduce<unknown>(childOf, value) !== undefined;
  const shown = keys.join(".");
  log.add({
    span: locateKey(text, isThere ? keys : keys.slice(0, -1)),
    message: isThere ? `${shown === "" ? "the file" : shown} must be ${message}` : `there is no ${shown}`,
    hint: isThere ? null : `It must be ${message}. Is this a file that TeamBot has written?`,
  });
}

function childOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null
    ? Object.entries(value).find(([name]) => name === key)?.[1]
    : undefined;
}

/** Within texts every quote has a backslash, so `"key":` is a key wherever it stands. */
function locateKey(text: string, keys: readonly string[]): { readonly start: number; readonly end: number } {
  let span = { start: 0, end: 1 };
  for (const key of keys) {
    const start = text.indexOf(`${JSON.stringify(key)}:`, span.start);
    if (start >= 0) span = { start, end: start + key.length + 2 };
  }
  return span;
}

function toState(written: WrittenTeamBotState): TeamBotState {
  const outputs = Object.entries(written.stage_outputs ?? {});
  return {
    objectiveFile: written.objective_file,
    currentStage: written.current_stage,
    status: written.status,
    elapsedMs: toMs(written.elapsed_seconds),
    maxMs: toMs(written.max_seconds),
    outputs: new Map(outputs.flatMap(([id, text]) => (text === null || text.trim() === "" ? [] : [[id, text]]))),
    featureName: written.feature_name ?? null,
    acceptancePassed: written.acceptance_tests_passed ?? null,
    lastAcceptance: written.acceptance_test_history?.at(-1) ?? null,
    acceptanceSummary: written.acceptance_test_summary ?? null,
    members: new Map(Object.values(written.parallel_group_status ?? {}).flatMap(membersOf)),
  };
}

function membersOf(
  group: NonNullable<WrittenTeamBotState["parallel_group_status"]>[string],
): readonly (readonly [string, TeamBotMember])[] {
  return Object.entries(group?.stages ?? {}).map(([id, { status, error }]) => [id, { status, error: error ?? null }]);
}

function toMs(seconds: number | null | undefined): number | null {
  return seconds === null || seconds === undefined ? null : Math.round(seconds * 1_000);
}
