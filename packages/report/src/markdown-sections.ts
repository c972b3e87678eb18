import { percentUsed, sanitizeLine } from "@troupe/core";
import { cap } from "./cap-rows.js";
import { describeCheck, describeScenario } from "./describe-checks.js";
import { describeTurn } from "./describe-turn.js";
import { bullets, code, fenced, plain, table } from "./markdown-text.js";
import { messageParts } from "./message-parts.js";
import { factsOf, showRounds } from "./outcome.js";
import type { Report, ReportFailure, ReportRound, ReportTurn, ReportWait } from "./report.js";
import { showActive, showDuration, showMoment, showTimeOfDay } from "./show-time.js";
import { showBytes, showCost, showLimit, showNumber, showTokens, showTurnUsage } from "./show-usage.js";
import { createTimeAxis } from "./time-axis.js";

/** A part of the report with a heading; null = there is nothing to say in it. */
export interface Section {
  readonly title: string;
  readonly text: string;
}

type MakeSection = (report: Report, most: number) => Section | null;

/** Of every part at most `most` rows, with a line that says how many more there are. */
export function sectionsOf(report: Report, most: number): readonly Section[] {
  return SECTIONS.flatMap((make) => make(report, most) ?? []);
}

const overview: MakeSection = (report) => ({
  title: "Overview",
  text: table(
    ["figure", "value", "note"],
    [
      ...factsOf(report).map(({ name, value, note }) => [name, plain(value), plain(note ?? "")]),
      ...report.limits.map((use) => ["Limit", plain(showLimit(use)), `${percentUsed(use)} %`]),
    ],
  ),
});

const failures: MakeSection = (report, most) =>
  section("Failures", report.failures, most, (shown) => shown.map(failure).join("\n\n"));

/** Of what a program wrote at its end, in characters. */
const MOST_OUTPUT = 2_000;

function failure({ stage, code: errorCode, message, hint, turn, log, failureReport }: ReportFailure): string {
  const facts = [
    ...(hint === null ? [] : [`What to do: ${plain(hint)}`]),
    ...(turn === null ? [] : [`Last turn: ${code(turn)}`]),
    ...(log === null ? [] : [`Log: ${code(log)}`]),
    ...(failureReport === null ? [] : [`Rounds and open points: ${code(failureReport)}`]),
  ];
  const { first, below } = messageParts(message, MOST_OUTPUT);
  const head = `**${code(stage)} failed** with ${code(errorCode)}: ${plain(first)}`;
  return [head, ...(below === null ? [] : [fenced(below)]), ...(facts.length === 0 ? [] : [bullets(facts)])].join(
    "\n\n",
  );
}

const unreviewed: MakeSection = (report, most) =>
  section("Unreviewed work", report.unreviewed, most, (shown) =>
    bullets(
      shown.map(({ stage, review, status }) => `${code(stage)} is unreviewed: its review ${code(review)} is ${status}`),
    ),
  );

const stages: MakeSection = (report, most) =>
  section("Stages", report.stages, most, (shown) =>
    table(
      ["stage", "state", "rounds", "active", "tokens", "cost", "remark"],
      shown.map((stage) => [
        `${stage.group === null ? "" : `${code(stage.group)} / `}${code(stage.id)}`,
        stage.status,
        showRounds(stage),
        showActive(stage.activeMs),
        showTokens(stage.usage),
        showCost(stage.usage),
        plain(stage.why ?? stage.error?.code ?? (stage.verdict === null ? "" : stage.verdict.decision)),
      ]),
      [3, 4, 5],
    ),
  );

const removed: MakeSection = (report, most) =>
  section("Stages taken out by an edit", report.removed, most, (shown) =>
    table(
      ["stage", "turns", "active", "tokens", "cost"],
      shown.map(({ id, turns, activeMs, usage }) => [
        code(id),
        String(turns),
        showActive(activeMs),
        showTokens(usage),
        showCost(usage),
      ]),
      [1, 2, 3, 4],
    ),
  );

const groups: MakeSection = (report, most) =>
  section("Groups", report.groups, most, (shown) =>
    table(
      ["group", "stages", "active", "one after another", "saved", "tokens", "cost"],
      shown.map((group) => [
        code(group.name),
        String(group.stages.length),
        showDuration(group.activeMs),
        showDuration(group.busyMs),
        showDuration(group.savedMs),
        showTokens(group.usage),
        showCost(group.usage),
      ]),
      [1, 2, 3, 4, 5, 6],
    ),
  );

const COLUMNS = 60;

/** Bars that show which stages overlapped. */
const timeline: MakeSection = (report, most) => {
  const axis = createTimeAxis(report);
  const byStage = new Map<string, ReportTurn[]>();
  for (const turn of report.turns) byStage.set(turn.stage, [...(byStage.get(turn.stage) ?? []), turn]);
  const width = Math.max(0, ...[...byStage.keys()].map((id) => id.length));
  return section("Timeline", [...byStage], most, (shown) => {
    const lines = shown.map(([id, turns]) => `${id.padEnd(width)} |${bar(turns, axis.place)}|`);
    const ends = `${" ".repeat(width)}  ${showTimeOfDay(axis.from)}${showTimeOfDay(axis.to).padStart(COLUMNS - 8)}`;
    const breaks = axis.breaks.map(
      ({ from, to }) => `Shortened: ${showDuration(to - from)} from ${showMoment(from)} UTC in which nothing ran.`,
    );
    const legend = "`#` worked, `x` failed, was interrupted or left.";
    return [fence([...lines, ends]), legend, ...breaks.slice(0, 10)].join("\n\n");
  });
};

function bar(turns: readonly ReportTurn[], place: (at: number) => number): string {
  const cells = Array.from({ length: COLUMNS }, () => " ");
  for (const { startedAt, endedAt, status } of turns) {
    const from = Math.min(COLUMNS - 1, Math.floor(place(startedAt) * COLUMNS));
    const to = Math.max(from + 1, Math.round(place(endedAt ?? Number.MAX_SAFE_INTEGER) * COLUMNS));
    cells.fill(status === "succeeded" || status === "running" ? "#" : "x", from, to);
  }
  return cells.join("");
}

function fence(lines: readonly string[]): string {
  return ["```text", ...lines.map(sanitizeLineEnd), "```"].join("\n");
}

function sanitizeLineEnd(line: string): string {
  return line.replace(/`/g, "'").trimEnd();
}

const turns: MakeSection = (report, most) =>
  section("Turns", report.turns, most, (shown) =>
    table(
      ["turn", "kind", "by", "began (UTC)", "active", "used", "outcome"],
      shown.map((turn) => [
        code(turn.turn),
        turn.kind,
        turn.agent === null ? "-" : plain(turn.agent),
        showMoment(turn.startedAt),
        showActive(turn.activeTo - turn.activeFrom),
        showTurnUsage(turn.usage) ?? (turn.agent === null ? "-" : "unknown"),
        plain(describeTurn(turn), 300),
      ]),
      [4],
    ),
  );

const rounds: MakeSection = (report, most) =>
  section("Rounds and checks", report.rounds, most, (shown) => bullets(shown.map(round)));

function round({ stage, round: number, turn, by, decision, source, reasons, checks }: ReportRound): string {
  const what =
    by === "checks"
      ? `checks ${decision === "approved" ? "passed" : "failed"}`
      : decision === "none"
        ? "no verdict, which counts as a rejection"
        : `${decision} by ${by === "person" ? "a person" : `review (found by ${source})`}`;
  const items = [...reasons.map((reason) => plain(reason)), ...checks.map((check) => plain(describeCheck(check)))];
  const head = `${code(stage)} round ${number}: ${what} (${code(turn)})`;
  return [head, ...items.map((item) => `  - ${item}`)].join("\n");
}

const scenarios: MakeSection = (report, most) => {
  const all = report.stages.flatMap(({ id, checks }) =>
    checks.flatMap((check) => (check.scenarios ?? []).map((scenario) => ({ ...scenario, stage: id }))),
  );
  return section("Acceptance scenarios", all, most, (shown) =>
    table(
      ["scenario", "title", "stage", "result"],
      shown.map((one) => [code(one.id), plain(one.title), code(one.stage), describeScenario(one.status)]),
    ),
  );
};

const artifacts: MakeSection = (report, most) =>
  section("Artifacts", report.artifacts, most, (shown) =>
    table(
      ["file", "stage", "left by", "size", "sha256"],
      shown.map(({ name, path, stage, turn, bytes, sha256 }) => [
        code(path ?? name),
        code(stage),
        code(turn),
        showBytes(bytes),
        code(sha256),
      ]),
      [3],
    ),
  );

const waits: MakeSection = (report, most) =>
  section("Waits", report.waits, most, (shown) => bullets(shown.map((wait) => describeWait(wait))));

function describeWait({ stage, turn, kind, from, until, endedAt, error }: ReportWait): string {
  const what = {
    retry: `waited to try ${code(turn)} again`,
    limit: `waited for a limit of the agent of ${code(turn)}`,
    approval: `waited for a person to judge ${code(turn)}`,
  }[kind];
  const span =
    endedAt === null
      ? `since ${showMoment(from)} UTC, and still does`
      : `for ${showDuration(endedAt - from)} from ${showMoment(from)} UTC`;
  const due = until === null || endedAt !== null ? "" : `, until ${showMoment(until)} UTC`;
  const why = error === null ? "" : `: ${code(error.code)} ${plain(error.message, 300)}`;
  return `${code(stage)} ${what} ${span}${due}${why}`;
}

const history: MakeSection = (report, most) =>
  section("History", report.history, most, (shown) =>
    bullets(shown.map(({ at, text }) => `${showMoment(at)} UTC: ${plain(text)}`)),
  );

function section<Item>(
  title: string,
  items: readonly Item[],
  most: number,
  render: (shown: readonly Item[]) => string,
): Section | null {
  if (items.length === 0) return null;
  const { shown, left } = cap(items, most);
  const note =
    left === 0
      ? ""
      : `\n\n_${showNumber(left, "more row")} left out here: \`troupe report --format json\` has all of them._`;
  return { title, text: `${render(shown)}${note}` };
}

const SECTIONS: readonly MakeSection[] = [
  failures,
  unreviewed,
  overview,
  stages,
  removed,
  groups,
  timeline,
  scenarios,
  rounds,
  waits,
  turns,
  artifacts,
  history,
];

/** One line about where the run came from. */
export function originOf({ objective, workflow, source }: Report): string {
  return `${plain(objective)} · workflow ${plain(workflow)} (${code(sanitizeLine(source))})`;
}
