import { createHash } from "node:crypto";
import { type DefaultTreeAdapterTypes, type ParserError, parse } from "parse5";
import { expect, test } from "vitest";
import { hostile, PAYLOADS, UNSEEN } from "../../test/hostile-run.js";
import { Choices, longWorkflow, numbersFrom, perform } from "../../test/performed-run.js";
import { HOUR, RecordedRun } from "../../test/recorded-run.js";
import { HOLDER, RUNS, stalled } from "../../test/runs.js";
import { showcase } from "../../test/showcase-run.js";
import { createReport, MOST_PAGE_BYTES, type Report, renderHtml } from "../index.js";
import { PAGE_SCRIPT, PAGE_SCRIPT_HASH } from "./page-script.js";
import { PAGE_STYLE, PAGE_STYLE_HASH } from "./page-style.js";

type Element = DefaultTreeAdapterTypes.Element;

function reportOn(run: RecordedRun): Report {
  return createReport(run.entries, { now: run.now, holder: null, logPath: (turn) => `logs/${turn}.log` });
}

function elementsOf(page: string): readonly Element[] {
  const errors: ParserError[] = [];
  const document = parse(page, { onParseError: (error) => errors.push(error) });
  expect(errors).toEqual([]);
  const found: Element[] = [];
  const visit = (node: DefaultTreeAdapterTypes.ParentNode): void => {
    for (const child of node.childNodes) {
      if ("attrs" in child) found.push(child);
      if ("childNodes" in child) visit(child);
    }
  };
  visit(document);
  return found;
}

function attribute(element: Element, name: string): string | undefined {
  return element.attrs.find((each) => each.name === name)?.value;
}

/** Targets of links that are not on the page. */
function brokenLinksOf(elements: readonly Element[]): readonly string[] {
  const ids = new Set(elements.flatMap((element) => attribute(element, "id") ?? []));
  const targets = elements.flatMap((element) => attribute(element, "href") ?? []);
  return targets.filter((target) => !target.startsWith("#") || !ids.has(target.slice(1)));
}

function textOf(node: DefaultTreeAdapterTypes.ChildNode): string {
  if ("value" in node) return node.value;
  return "childNodes" in node ? node.childNodes.map(textOf).join("") : "";
}

/** The names of everything in a page: elements with the names of their attributes. */
function shapeOf(page: string): ReadonlySet<string> {
  return new Set(elementsOf(page).map(({ tagName, attrs }) => `${tagName} ${attrs.map(({ name }) => name).join(" ")}`));
}

test("the policy names the style and the script of the page, and lets nothing else apply, run or load", () => {
  const sha256 = (text: string): string => createHash("sha256").update(text).digest("base64");
  // wrong after an edit of either: tsx --conditions=@troupe/source test/page-hashes.ts
  expect([PAGE_STYLE_HASH, PAGE_SCRIPT_HASH]).toEqual([sha256(PAGE_STYLE), sha256(PAGE_SCRIPT)]);
  const elements = elementsOf(renderHtml(reportOn(showcase())));
  const policy = elements.find((element) => attribute(element, "http-equiv") === "Content-Security-Policy");
  expect(policy === undefined ? null : attribute(policy, "content")).toBe(
    `default-src 'none'; style-src 'sha256-${PAGE_STYLE_HASH}'; script-src 'sha256-${PAGE_SCRIPT_HASH}'; base-uri 'none'; form-action 'none'`,
  );
  const content = (name: string): readonly string[] => elements.filter(({ tagName }) => tagName === name).map(textOf);
  expect([content("style"), content("script")]).toEqual([[PAGE_STYLE], [PAGE_SCRIPT]]);
});

test("the page refers to nothing outside itself, and every link leads to something in it", () => {
  for (const run of [showcase(), ...Object.values(RUNS).map((make) => make())]) {
    const elements = elementsOf(renderHtml(reportOn(run)));
    const ids = elements.flatMap((element) => attribute(element, "id") ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    const attributes = elements.flatMap(({ attrs }) => attrs);
    expect(attributes.filter(({ name }) => /^(src|srcset|action|style|data|on.*)$/.test(name))).toEqual([]);
    expect(brokenLinksOf(elements)).toEqual([]);
    const labels = attributes.filter(({ name }) => name === "aria-labelledby").map(({ value }) => value);
    expect(labels.filter((label) => !ids.includes(label))).toEqual([]);
  }
  expect(PAGE_STYLE).not.toMatch(/url\((?!#)|@import|https?:/);
});

test.each(PAYLOADS)("foreign text stays text: %j", (payload) => {
  const page = renderHtml(reportOn(hostile(payload)));
  expect(shapeOf(page)).toEqual(shapeOf(renderHtml(reportOn(hostile("harmless")))));
  // nothing that a terminal obeys, that turns or hides text, or that is no character
  expect(page).not.toMatch(UNSEEN);
  expect(page.isWellFormed()).toBe(true);
});

test("a reader without eyes or mouse finds landmarks, headings, names and a way to every bar", () => {
  const elements = elementsOf(renderHtml(reportOn(showcase())));
  const tags = elements.map(({ tagName }) => tagName);
  expect(tags.filter((tag) => ["header", "nav", "main", "footer", "h1"].includes(tag)).toSorted()).toEqual([
    "footer",
    "h1",
    "header",
    "main",
    "nav",
  ]);
  expect(elements.find(({ tagName }) => tagName === "html")?.attrs).toEqual([{ name: "lang", value: "en" }]);
  const [first] = elements.filter(({ tagName }) => tagName === "a");
  expect(first === undefined ? null : attribute(first, "href")).toBe("#content");
  const nameless = elements.filter(
    (element) =>
      (element.tagName === "a" || attribute(element, "tabindex") === "0") &&
      (attribute(element, "aria-label") ?? textOf(element)).trim() === "",
  );
  expect(nameless).toEqual([]);
  const drawings = elements.filter(({ tagName }) => tagName === "svg");
  expect(
    drawings.filter((svg) => attribute(svg, "aria-hidden") !== "true" && attribute(svg, "aria-label") === undefined),
  ).toEqual([]);
  const heads = elements.filter(({ tagName }) => tagName === "th");
  expect(heads.filter((th) => attribute(th, "scope") === undefined)).toEqual([]);
  const bars = elements.flatMap((element) =>
    attribute(element, "class")?.startsWith("bar ") ? attribute(element, "aria-label") : [],
  );
  expect(bars).toHaveLength(reportOn(showcase()).turns.length);
  expect(bars.slice(2, 4)).toEqual([
    "SPEC_REVIEW.1: review by reviewer, round 1, succeeded, 4 min 00 s from 09:19:00",
    "SPEC_REVIEW.2: fix by writer, round 2, succeeded, 6 min 00 s from 09:23:00",
  ]);
});

const TROUBLE = { fail: 0, retry: 4, crash: 1, reject: 20 };

test.each([60, 300, 3_000])(
  "a run of %d stages has a page of less than 300 kB that says what it left out",
  { timeout: 60_000 },
  (count) => {
    const run = perform(
      { title: "Large", ...longWorkflow(count) },
      new Choices(numbersFrom(11, 60_000)),
      TROUBLE,
      30_000,
    );
    const report = reportOn(run);
    const page = renderHtml(report);
    expect(Buffer.byteLength(page)).toBeLessThan(MOST_PAGE_BYTES);
    const notes = elementsOf(page)
      .filter((element) => attribute(element, "role") === "note")
      .map(textOf);
    expect(notes.length > 0).toBe(count > 60);
    expect(brokenLinksOf(elementsOf(page))).toEqual([]);
    for (const { stage } of report.failures) expect(page).toContain(`<code>${stage}</code>`);
  },
);

test("texts without end and thousands of failures do not make the page larger", { timeout: 60_000 }, () => {
  const stages = Array.from({ length: 2_000 }, (_, index) => ({ id: `S${index}`, workAgent: `a${index}` }));
  const run = new RecordedRun({ title: "x".repeat(100_000), stages });
  for (const { id } of stages) run.after(1_000).fail(`${id}.1`, `${"<&>".repeat(1_000)}`);
  const page = renderHtml(reportOn(run));
  expect(Buffer.byteLength(page)).toBeLessThan(MOST_PAGE_BYTES);
  expect(page).toContain("1,");
  expect(elementsOf(page).some((element) => attribute(element, "role") === "note")).toBe(true);
});

test("a run under way names who works on it and what is running", () => {
  const run = stalled();
  const page = renderHtml(createReport(run.entries, { now: run.now + HOUR, holder: HOLDER }));
  expect(page).toContain("Process 4101 on build-7 is at work on it");
  expect(page).toContain("RIGHT.1: work by builder-2, round 1, running, 1 h 02 min from 09:00:00");
});
