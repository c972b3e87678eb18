import { type CheckResult, type CommandLine, sanitizeLine, sanitizeText, type TurnUsage } from "@troupe/core";
import { errorLines } from "../print/error-lines.js";
import { showBytes } from "../print/show-bytes.js";
import { showDuration, showMoment } from "../print/show-time.js";
import type { ListedTurn, RunDetails, ShownTurn, StageDetails } from "./run-details.js";
import { renderReport } from "./run-report.js";

/** The run for a terminal: what `status` shows, what it was started with, and every turn. */
export function renderRunDetails(details: RunDetails): string {
  const { report, objective, source, agents, inputs, skip, flags, turns } = details;
  const facts: (readonly [name: string, value: string])[] = [
    ["objective", objective.path ?? "given as text"],
    ["workflow", source],
    ...agents.map(
      ({ id, plugin, model }) => [`agent ${id}`, model === null ? plugin : `${plugin}, model ${model}`] as const,
    ),
    ...Object.entries(inputs).map(([name, value]) => [`input ${name}`, value] as const),
    ...(skip.length === 0 ? [] : [["skipped", skip.join(", ")] as const]),
    ...(flags.checks.length === 0 ? [] : [["checks", flags.checks.map(commandText).join("; ")] as const]),
  ];
  const width = Math.max(...facts.map(([name]) => name.length));
  const lines = [
    renderReport(report),
    "Started with:",
    ...facts.map(([name, value]) => `  ${sanitizeLine(name).padEnd(width)}  ${sanitizeLine(value)}`),
    "",
    turns.length === 0 ? "No turn has started." : "Turns:",
    ...turnLines(turns),
  ];
  return `${lines.join("\n")}\n`;
}

/** The stage for a terminal: its definition, then each turn with its verdict, checks, files and answer. */
export function renderStageDetails(details: StageDetails): string {
  const { definition, report, turns, artifacts, runId, awaitingApproval, failureReport } = details;
  const lines = [
    `Stage ${definition.id} of run ${runId}: ${report.status}`,
    ...definitionLines(details),
    ...(report.error === null ? [] : underHeading("  error      ", errorLines(report.error))),
    ...(report.error?.hint == null ? [] : [`             ${sanitizeLine(report.error.hint)}`]),
    ...(awaitingApproval === null ? [] : [`  waits      for a person to judge ${awaitingApproval}`]),
    ...(failureReport === null ? [] : [`  report     ${sanitizeLine(failureReport)}`]),
  ];
  for (const { name, turn, bytes } of artifacts) {
    lines.push(`  artifact   ${sanitizeLine(name)} (${showBytes(bytes)}, of ${turn})`);
  }
  if (turns.length === 0) lines.push("", "No turn of it has started.");
  for (const turn of turns) {
    lines.push("", ...turnLines([turn]).map((line) => line.trimStart()), ...turnDetails(turn));
  }
  return `${lines.join("\n")}\n`;
}

function underHeading(heading: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, index) => `${index === 0 ? heading : " ".repeat(heading.length)}${line}`);
}

function definitionLines({ definition }: StageDetails): readonly string[] {
  const { name, kind, group, needs, workAgent, parallelAgents, reviewAgent, reviews, run, checks, maxRounds } =
    definition;
  const facts: (readonly [name: string, value: string | null])[] = [
    ["name", name === definition.id ? null : name],
    ["kind", reviews === null ? kind : `${kind} of ${reviews}`],
    ["group", group],
    ["needs", needs.length === 0 ? null : needs.join(", ")],
    ["agents", [...(parallelAgents ?? []), workAgent].filter((agent) => agent !== null).join(", ") || null],
    ["reviewer", reviewAgent],
    ["runs", run === null ? null : commandText(run)],
    ["checks", checks.length === 0 ? null : checks.map(commandText).join("; ")],
    ["rounds", kind === "command" || kind === "terminal" ? null : `at most ${maxRounds}`],
  ];
  return facts.flatMap(([label, value]) => (value === null ? [] : [`  ${label.padEnd(9)}  ${sanitizeLine(value)}`]));
}

function turnLines(turns: readonly (ListedTurn | ShownTurn)[]): readonly string[] {
  const width = Math.max(0, ...turns.map(({ turn }) => turn.length));
  return turns.map((turn) => {
    const { startedAt, endedAt, status, reason, usage, verdict, judgement, attempt, round, kind, agent } = turn;
    const facts = [
      `${kind}${agent === null ? "" : ` by ${agent}`}`,
      `round ${round}`,
      ...(attempt > 1 ? [`attempt ${attempt}`] : []),
      `${status}${reason === null ? "" : ` (${reason})`}`,
      ...(endedAt === null ? [] : [showDuration(endedAt - startedAt)]),
      ...(verdict === null ? [] : [`${verdict.decision} (by ${verdict.source})`]),
      ...(judgement === null ? [] : [`${judgement.decision} by ${judgement.by}`]),
      ...usageFacts(usage),
    ];
    return `  ${turn.turn.padEnd(width)}  ${showMoment(startedAt)}  ${sanitizeLine(facts.join(", "))}`;
  });
}

function usageFacts(usage: TurnUsage | null): readonly string[] {
  if (usage === null) return [];
  const { inputTokens, outputTokens, costUsd, partial = [] } = usage;
  const isWhole = inputTokens !== null && outputTokens !== null && !partial.includes("tokens");
  const tokens =
    inputTokens === null && outputTokens === null
      ? []
      : [`${isWhole ? "" : "at least "}${(inputTokens ?? 0) + (outputTokens ?? 0)} tokens`];
  const cost = costUsd === null ? [] : [`${partial.includes("cost") ? "at least " : ""}$${costUsd.toFixed(2)}`];
  return [...tokens, ...cost];
}

function turnDetails({ verdict, judgement, checks, artifacts, error, output }: ShownTurn): readonly string[] {
  return [
    ...(verdict?.reasons ?? []).map((reason) => `  - ${sanitizeLine(reason)}`),
    ...(judgement?.message ? messageLines(judgement.by, judgement.message) : []),
    ...checks.map(checkLine),
    ...artifacts.map(({ name, bytes }) => `  left ${sanitizeLine(name)} (${showBytes(bytes)})`),
    ...(error === null ? [] : errorLines(error).map((line) => `  ${line}`)),
    ...(output === null || output.trim() === "" ? [] : answerLines(output)),
  ];
}

function checkLine({ command, passed, exitCode, durationMs, problem }: CheckResult): string {
  const how = passed ? "passed" : exitCode === null || exitCode === 0 ? "failed" : `failed with ${exitCode}`;
  const why = problem === undefined ? "" : `: ${problem}`;
  return `  check ${sanitizeLine(`${command}: ${how} after ${showDuration(durationMs)}${why}`)}`;
}

function messageLines(by: string, message: string): readonly string[] {
  const [first = "", ...rest] = sanitizeText(message).trimEnd().split("\n");
  return [`  - ${sanitizeLine(by)}: ${first}`, ...rest.map((line) => `    ${line}`.trimEnd())];
}

function answerLines(output: string): readonly string[] {
  return sanitizeText(output)
    .trimEnd()
    .split("\n")
    .map((line) => `  | ${line}`.trimEnd());
}

function commandText(command: CommandLine): string {
  return "shell" in command ? command.shell : JSON.stringify(command.argv);
}
