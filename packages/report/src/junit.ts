import { sanitizeLine } from "@troupe/core";
import { describeCheck } from "./describe-checks.js";
import { describeOutcome } from "./outcome.js";
import type { Report, ReportFailure, ReportStage } from "./report.js";
import { escapeAttribute, escapeXml } from "./xml-text.js";

interface Case {
  readonly name: string;
  readonly className: string;
  readonly ms: number;
  /** null = passed. */
  readonly result: {
    readonly kind: "failure" | "error" | "skipped";
    readonly type: string;
    readonly message: string;
    readonly text: string;
  } | null;
}

interface Suite {
  readonly name: string;
  readonly at: number;
  readonly ms: number;
  readonly cases: readonly Case[];
}

/** What was judged and found wanting; every other failure of a stage is an error: it never came to be judged. */
const JUDGED: ReadonlySet<string> = new Set([
  "ACCEPTANCE_NOT_PASSED",
  "ARTIFACT_MISSING",
  "CHECKS_FAILED",
  "COMMAND_FAILED",
  "REVIEW_REJECTED",
]);

/**
 * The report as JUnit XML: a suite for the run as a whole, whose only case passes when the run has succeeded, and one for
 * each stage, with a case for the stage, each check and each acceptance scenario. Skipped are what a rule skipped, what
 * never ran, and scenarios that no test carries; what was begun and did not end is an error. Valid by the schemas of
 * Jenkins (xunit-plugin, junit-10) and of Ant (windyroad).
 */
export function renderJunit(report: Report): string {
  const suites = [runSuite(report), ...report.stages.map((stage) => stageSuite(report, stage))];
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    // without attributes: each of the schemas in use allows others
    "<testsuites>",
    ...suites.flatMap((suite, id) => suiteLines(report, suite, id)),
    "</testsuites>",
  ];
  return `${lines.join("\n")}\n`;
}

function runSuite(report: Report): Suite {
  const { runId, workflow, status, failures, createdAt, figures, next } = report;
  const text = [...failures.map(describeFailure), ...(next === null ? [] : [`Next: ${next}`])].join("\n");
  const message = describeOutcome(report);
  const kind = status === "failed" ? "failure" : "error";
  const result = status === "succeeded" ? null : ({ kind, type: status, message, text } as const);
  return {
    name: "run",
    at: createdAt,
    ms: figures.activeMs,
    cases: [{ name: runId, className: workflow, ms: figures.activeMs, result }],
  };
}

function stageSuite(report: Report, stage: ReportStage): Suite {
  const className = stage.group === null ? report.workflow : `${report.workflow}.${stage.group}`;
  const failure = report.failures.find((one) => one.stage === stage.id);
  const cases: Case[] = [{ name: stage.id, className, ms: stage.activeMs, result: stageResult(stage, failure) }];
  for (const check of stage.checks) {
    if (check.scenarios === undefined) {
      const message = describeCheck(check);
      const result = check.passed ? null : ({ kind: "failure", type: "check", message, text: message } as const);
      cases.push({ name: check.command, className: `${className}.${stage.id}`, ms: check.durationMs, result });
    }
    for (const { id, title, status } of check.scenarios ?? []) {
      const message = status === "failed" ? `${id} failed` : `${id} is not linked to a test`;
      const kind = status === "failed" ? "failure" : "skipped";
      const result = status === "passed" ? null : ({ kind, type: status, message, text: title } as const);
      cases.push({ name: `${id} ${title}`.trim(), className: `${className}.${stage.id}`, ms: 0, result });
    }
  }
  return { name: stage.id, at: stage.startedAt ?? report.createdAt, ms: stage.activeMs, cases };
}

function stageResult({ status, why, error }: ReportStage, failure: ReportFailure | undefined): Case["result"] {
  switch (status) {
    case "completed":
      return null;
    case "failed": {
      const type = error?.code ?? "failed";
      const text = failure === undefined ? "" : describeFailure(failure);
      return { kind: JUDGED.has(type) ? "failure" : "error", type, message: error?.message ?? "", text };
    }
    case "skipped":
    case "pending":
      return { kind: "skipped", type: status, message: why ?? status, text: "" };
    default:
      return { kind: "error", type: status, message: why ?? status, text: "" };
  }
}

function describeFailure({ stage, code, message, hint, log, failureReport }: ReportFailure): string {
  const lines = [
    `${stage}: ${code}: ${message}`,
    ...(hint === null ? [] : [`What to do: ${hint}`]),
    ...(log === null ? [] : [`Log: ${log}`]),
    ...(failureReport === null ? [] : [`Rounds and open points: ${failureReport}`]),
  ];
  return lines.join("\n");
}

function suiteLines(report: Report, { name, at, ms, cases }: Suite, id: number): readonly string[] {
  const place = `id="${id}" name="${escapeXml(sanitizeLine(name))}" package="${escapeXml(sanitizeLine(report.workflow))}"`;
  const properties = id === 0 ? propertiesOf(report) : [];
  const time = `timestamp="${new Date(at).toISOString().slice(0, 19)}" hostname="${escapeXml(sanitizeLine(report.holder?.host ?? "localhost"))}" time="${seconds(ms)}"`;
  return [
    `  <testsuite ${place} ${countsOf(cases)} ${time}>`,
    "    <properties>",
    ...properties.map(([key, value]) => `      <property name="${key}" value="${escapeAttribute(value)}"/>`),
    "    </properties>",
    ...cases.flatMap(caseLines),
    "    <system-out/>",
    "    <system-err/>",
    "  </testsuite>",
  ];
}

function propertiesOf({ runId, objective, status }: Report): readonly (readonly [string, string])[] {
  return [
    ["run", runId],
    ["objective", objective],
    ["status", status],
  ];
}

function caseLines({ name, className, ms, result }: Case): readonly string[] {
  const head = `    <testcase name="${escapeXml(sanitizeLine(name))}" classname="${escapeXml(sanitizeLine(className))}" time="${seconds(ms)}"`;
  if (result === null) return [`${head}/>`];
  const { kind, type, message, text } = result;
  if (kind === "skipped")
    return [`${head}>`, `      <skipped message="${escapeAttribute(message)}"/>`, "    </testcase>"];
  const attributes = `message="${escapeAttribute(message)}" type="${escapeAttribute(type)}"`;
  return [`${head}>`, `      <${kind} ${attributes}>${escapeXml(text)}</${kind}>`, "    </testcase>"];
}

function countsOf(cases: readonly Case[]): string {
  const count = (kind: string): number => cases.filter(({ result }) => result?.kind === kind).length;
  return `tests="${cases.length}" failures="${count("failure")}" errors="${count("error")}" skipped="${count("skipped")}"`;
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(3);
}
