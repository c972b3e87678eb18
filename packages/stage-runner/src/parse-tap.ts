import type { ParsedReport, ReportedTest } from "./reported-test.js";

const POINT = /^(not )?ok(?=[ \t]|$)(?:[ \t]+\d+)?(?:[ \t]+-(?=[ \t]|$))?[ \t]*(.*)$/u;
const DIRECTIVE = /(?<!\\)#[ \t]*(skip\S*|todo)\b.*$/iu;
const PLAN = /^1\.\.(\d+)(?:[ \t]*#.*)?$/u;

interface Level {
  readonly tests: ReportedTest[];
  points: number;
  plan: number | null;
}

/**
 * Reads the Test Anything Protocol, versions 12 to 14, with subtests. Lines that are none of it are passed over, as it
 * demands: programs print other things too. What says "ok" although nothing below it was performed has not passed.
 */
export function parseTap(text: string): ParsedReport {
  const levels: Level[] = [createLevel()];
  let yaml: string | null = null; // the indent of a block of details
  for (const line of text.split(/\r\n|\r|\n/u)) {
    const [, indent = "", content = ""] = /^( *)(.*)$/u.exec(line) ?? [];
    if (yaml !== null) {
      if (indent === yaml && content.trimEnd() === "...") yaml = null;
      continue;
    }
    if (content.trimEnd() === "---" && indent.length % 4 === 2) {
      yaml = indent;
      continue;
    }
    if (indent.length % 4 !== 0) continue;
    const problem = readLine(levels, indent.length / 4, content.trimEnd());
    if (problem !== null) return { problem };
  }
  if (yaml !== null) return { problem: "ends in the middle of the details of a test" };
  const [top] = levels;
  if (levels.length !== 1 || top === undefined) return { problem: "ends in the middle of a subtest" };
  const problem = planProblem(top);
  return problem === null ? { tests: top.tests } : { problem };
}

/** Why the report is broken, or null. */
function readLine(levels: Level[], depth: number, content: string): string | null {
  if (/^Bail out!/iu.test(content)) return `was given up: ${content.slice(0, 200)}`;
  const plan = PLAN.exec(content);
  const point = plan === null ? POINT.exec(content) : null;
  if (plan === null && point === null) return null;
  // more than one level deeper is something that a test printed
  if (depth > levels.length) return null;
  if (depth === levels.length) levels.push(createLevel());
  if (depth + 1 < levels.length - 1) return "ends a subtest within a subtest that has not ended";
  const level = levels[depth];
  if (level === undefined) return null;
  if (plan !== null) {
    if (level.plan !== null) return "has two plans";
    level.plan = Number(plan[1]);
    return null;
  }
  const inner = levels.length === depth + 2 ? levels.pop() : undefined;
  level.points += 1;
  const innerProblem = inner === undefined ? null : planProblem(inner);
  if (innerProblem !== null) return innerProblem;
  level.tests.push(...testsOf(point?.[1] !== undefined, point?.[2] ?? "", inner?.tests ?? null));
  return null;
}

/** A point with subtests stands for them; it counts itself only when it fails and none of them does. */
function testsOf(isNotOk: boolean, text: string, inner: readonly ReportedTest[] | null): readonly ReportedTest[] {
  const directive = DIRECTIVE.exec(text)?.[1]?.toLowerCase() ?? null;
  const name = text.replace(DIRECTIVE, "").replaceAll("\\#", "#").trim();
  // a test that is to do may fail; neither way does it say that something works
  const status = directive !== null ? "skipped" : isNotOk ? "failed" : "passed";
  const own: ReportedTest = { name, status, message: null };
  if (inner === null) return [own];
  const below = inner.map((test) => ({
    ...test,
    name: `${name} > ${test.name}`,
    status: directive === null ? test.status : ("skipped" as const),
  }));
  return status === "failed" && !below.some((test) => test.status === "failed") ? [...below, own] : below;
}

function planProblem({ plan, points }: Level): string | null {
  if (plan === null) return "has no plan (1..N): it may have been cut off";
  return plan === points ? null : `plans ${plan} tests and tells of ${points}`;
}

function createLevel(): Level {
  return { tests: [], points: 0, plan: null };
}
