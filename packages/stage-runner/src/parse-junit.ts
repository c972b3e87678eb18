import { parseXml, XmlElement } from "@rgrove/parse-xml";
import type { ParsedReport, ReportedTest } from "./reported-test.js";

/** Control characters that no XML may have; some reporters copy them from what a test printed. */
const FORBIDDEN = /[^\P{Cc}\t\n\r]/gu;

/**
 * Reads JUnit's XML as the common reporters write it. Entities of a document's own are not expanded: a report that uses
 * them is broken.
 */
export function parseJunit(text: string): ParsedReport {
  let root: XmlElement | null;
  try {
    root = parseXml(text.replace(FORBIDDEN, "")).root;
  } catch (error) {
    // nesting without end is a RangeError; both are the document's fault
    const [why = ""] = error instanceof Error ? error.message.split("\n") : [];
    return { problem: `is no XML: ${why.slice(0, 200)}` };
  }
  if (root === null || (root.name !== "testsuites" && root.name !== "testsuite")) {
    return { problem: `is no JUnit report: it begins with <${root?.name ?? ""}>` };
  }
  const tests: ReportedTest[] = [];
  readSuite(root, [], tests);
  return { tests };
}

function readSuite(suite: XmlElement, outer: readonly string[], tests: ReportedTest[]): void {
  const before = tests.length;
  const names = suite.name === "testsuite" ? [...outer, suite.attributes.name ?? ""] : outer;
  for (const child of elementsOf(suite)) {
    if (child.name === "testsuite") readSuite(child, names, tests);
    if (child.name === "testcase") tests.push(readCase(child, names));
  }
  // a suite that broke before its first test tells of it only here
  const broken = (Number(suite.attributes.failures) || 0) + (Number(suite.attributes.errors) || 0);
  const told = tests.slice(before).some(({ status }) => status === "failed");
  if ((broken > 0 && !told) || elementsOf(suite).some(isFailure)) {
    tests.push({ name: nameOf([...names, "(the suite itself)"]), status: "failed", message: failureText(suite) });
  }
}

function readCase(test: XmlElement, suites: readonly string[]): ReportedTest {
  const { name = "", classname = "", status = "", result = "" } = test.attributes;
  const children = elementsOf(test);
  const states = [status, result].map((state) => state.toLowerCase());
  const isFailed = children.some(isFailure) || states.some((state) => /^(?:fail|error|timeout)/u.test(state));
  const isSkipped =
    children.some((child) => child.name === "skipped") ||
    states.some((state) => /^(?:skip|notrun|not_run|disabled|suppressed|pending|todo|ignored)/u.test(state));
  return {
    name: nameOf([...suites, ...(name.startsWith(classname) ? [] : [classname]), name]),
    status: isFailed ? "failed" : isSkipped ? "skipped" : "passed",
    message: isFailed ? failureText(test) : null,
  };
}

function isFailure({ name }: XmlElement): boolean {
  return name === "failure" || name === "error";
}

function failureText(element: XmlElement): string | null {
  const failure = elementsOf(element).find(isFailure);
  const text = failure === undefined ? "" : failure.attributes.message || failure.text;
  return text.trim() === "" ? null : text.trim();
}

function elementsOf(element: XmlElement): readonly XmlElement[] {
  return element.children.filter((child): child is XmlElement => child instanceof XmlElement);
}

function nameOf(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(" > ");
}
