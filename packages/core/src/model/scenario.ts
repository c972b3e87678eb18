import { sanitizeLine } from "./sanitize.js";
import type { ScenarioResult } from "./turn.js";
import { markdownBlocks } from "./verdict-blocks.js";

/** An acceptance test scenario of a specification. */
export interface Scenario {
  /** As it is written: `AT-001`. */
  readonly id: string;
  readonly title: string;
}

/** What a report says of one test. */
export interface TestOutcome {
  /** With the names of what it stands in. */
  readonly name: string;
  readonly status: "passed" | "failed" | "skipped";
}

const MAX_TITLE_CHARACTERS = 120;

const HEADING = /^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$/u;
const SECTION = /\bacceptance[ -]tests?\b/iu;
const SCENARIO = /^[*_`[]*(AT-\d{1,6})\b[\]*_`]*[ \t]*(?:[:.)–—-][*_`]*)?[ \t]*(.*)$/u;

/**
 * The scenarios of a specification in markdown: headings `AT-001: ...` below a heading "Acceptance Test Scenarios", as
 * often as they stand there. Headings in code fences, quotes and comments are none.
 */
export function readScenarios(markdown: string): readonly Scenario[] {
  const found: Scenario[] = [];
  let section: number | null = null; // level of the heading whose scenarios these are
  for (const { level, text } of headings(markdown)) {
    const [, id, title = ""] = SCENARIO.exec(text) ?? [];
    if (section !== null && level <= section) section = null;
    if (section !== null && id !== undefined) {
      found.push({ id, title: sanitizeLine(title.replace(/[*_`]+$/u, "")).slice(0, MAX_TITLE_CHARACTERS) });
    } else if (section === null && id === undefined && SECTION.test(text)) section = level;
  }
  return found;
}

function headings(markdown: string): readonly { readonly level: number; readonly text: string }[] {
  return markdownBlocks(markdown).flatMap(({ kind, lines, standsAlone }) => {
    if (kind === "fence") return [];
    return lines.flatMap((line, index) => {
      const [, marks, text = ""] = HEADING.exec(line) ?? [];
      return marks === undefined || standsAlone[index] !== true ? [] : [{ level: marks.length, text }];
    });
  });
}

/**
 * Whether a test's name carries a scenario's id: `AT-001`, or `AT_001`, `at001`, `testAt001` where a language allows no
 * hyphen. Not within another word or number: AT-0011, FORMAT-001 and MAT001 carry other ids. Behind a space it needs
 * its capitals: "starts at 001 ms" is a time.
 */
export function carriesId(name: string, id: string): boolean {
  const digits = id.slice(id.indexOf("-") + 1);
  const forms = ["(?<![A-Za-z0-9])[Aa][Tt][-_]?", "(?<=[a-z])A[Tt][-_]?", "(?<![A-Za-z0-9])AT "];
  return new RegExp(`(?:${forms.join("|")})${digits}(?!\\d)`, "u").test(name);
}

/**
 * A scenario has *failed* when a failing test carries its id, else *passed* when a passing one does. A skipped test says
 * nothing: then, and when no test carries it, it is not linked.
 */
export function judgeScenarios(
  scenarios: readonly Scenario[],
  tests: readonly TestOutcome[],
): readonly ScenarioResult[] {
  return scenarios.map(({ id, title }) => {
    const linked = tests.filter(({ name }) => carriesId(name, id));
    const has = (status: TestOutcome["status"]): boolean => linked.some((test) => test.status === status);
    return { id, title, status: has("failed") ? "failed" : has("passed") ? "passed" : "not-linked" };
  });
}

/** "1 of 3 scenarios passed; failed: AT-002; not linked: AT-003". */
export function describeScenarios(scenarios: readonly ScenarioResult[]): string {
  const ids = (status: ScenarioResult["status"]): string =>
    scenarios.flatMap((one) => (one.status === status ? [one.id] : [])).join(", ");
  const passed = scenarios.filter(({ status }) => status === "passed").length;
  const [failed, open] = [ids("failed"), ids("not-linked")];
  return [
    scenarios.length === 0 ? "no scenarios" : `${passed} of ${scenarios.length} scenarios passed`,
    ...(failed === "" ? [] : [`failed: ${failed}`]),
    ...(open === "" ? [] : [`not linked to a test: ${open}`]),
  ].join("; ");
}
