import fc from "fast-check";
import { expect, it } from "vitest";
import { parseObjective } from "./parse-objective.js";
import { parseProjectFile } from "./parse-project-file.js";
import { parseWorkflow } from "./parse-workflow.js";

const MIB = 1024 * 1024 - 16;
const MD = 128 * 1024 - 16;
/** Generous: the machine that runs this may be busy. The aim is 500 ms, a quadratic one takes many seconds. */
const BUDGET_MS = 3_000;

function fill(piece: string, size: number = MIB): string {
  return piece.repeat(Math.floor(size / piece.length));
}

function lines(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join("\n");
}

function laughs(): string {
  const list = (item: string): string => `[${Array.from({ length: 5 }, () => item).join(", ")}]`;
  return `a0: &a0 ${list("x")}\n${lines(9, (index) => `a${index + 1}: &a${index + 1} ${list(`*a${index}`)}`)}\n`;
}

const yamls: readonly (readonly [string, string])[] = [
  ["open lists", fill("[")],
  ["closed lists", `${fill("[", MIB / 2)}${fill("]", MIB / 2)}`],
  ["open maps", fill("{a: ")],
  ["compact lists", fill("- ")],
  ["compact keys", fill("? ")],
  ["deep indentation", lines(1_400, (index) => `${" ".repeat(index)}a:`)],
  ["many keys", lines(60_000, (index) => `key${index}: 1`)],
  ["many stages", `stages:\n${lines(2_400, (index) => `  key${index}: {}`)}`],
  ["many doubled keys", `stages:\n${lines(2_400, () => "  a: 1")}`],
  ["many unknown keys", `stages: { a: { ${lines(2_000, (index) => `work_agen${index}: 1,`)} } }`],
  [
    "many names that are nearly right",
    `stages:\n${lines(1_000, (index) => `  a_name_that_is_rather_long_and_compared_${index}: { work_agent: a }`)}\n` +
      `stage_order: [${lines(900, (index) => `a_nameX_that_is_ratherlong_and_compare_${index}z,`)}]`,
  ],
  ["aliases of aliases", laughs()],
  ["a map that holds itself", "stages: &a\n  x: *a\n"],
  ["many aliases", `a: &a 1\nb: [${fill("*a, ", 1_000)}]`],
  ["comments", fill("# x\n")],
  ["blank lines", fill("\n")],
  ["wrong escapes", `a: "${fill("\\q")}"`],
  ["block text", `a: |\n${fill("  x\n")}`],
  ["folded text", `a: ${fill("x\n  ")}`],
  ["anchors", fill("&a ")],
  ["tags", fill("!a ")],
  ["colons", fill(": ")],
  ["documents", fill("---\n")],
  ["quotes", fill('"')],
  ["one key", `${fill("k")}: 1`],
  ["too large", "#".repeat(MIB + 100)],
];

it.each(yamls)("a workflow of %s ends in a diagnostic, soon", (_name, text) => {
  const start = performance.now();
  const { workflow, diagnostics } = parseWorkflow(text, "stages.yaml");
  const elapsedMs = performance.now() - start;
  expect(workflow).toBeNull();
  expect(diagnostics.length).toBeGreaterThan(0);
  expect(diagnostics.length).toBeLessThanOrEqual(101);
  expect(elapsedMs).toBeLessThan(BUDGET_MS);
});

const markdowns: readonly (readonly [string, string])[] = [
  ["links", fill("[a](", MD)],
  ["emphasis", fill("**a", MD)],
  ["strikes", fill("~a", MD)],
  ["quotes", fill("> ", MD)],
  ["rules", fill("- ", MD)],
  ["deep lists", lines(360, (index) => `${"  ".repeat(index)}- a`)],
  ["labels", lines(1_990, () => "**a**: b")],
  ["headings", lines(1_990, () => "# Goal")],
  ["underlined headings", lines(1_990, (index) => (index % 2 === 0 ? "a" : "="))],
  ["quoted paragraphs", lines(1_990, (index) => (index % 2 === 0 ? "> a" : ""))],
  ["tables", `|a|b|\n|-|-|\n${lines(1_900, () => "|a|b|")}`],
  ["front matter", `---\n${fill("a: [\n", 5_000)}---\n# x`],
  ["too many lines", fill("a\n", 10_000)],
  ["too many bytes", fill("a", MD + 1_000)],
];

it.each(markdowns)("an objective of %s is read or refused, soon", (_name, text) => {
  const start = performance.now();
  const { objective, diagnostics } = parseObjective(text, "objective.md");
  expect(performance.now() - start).toBeLessThan(BUDGET_MS);
  expect(objective === null).toBe(diagnostics.length > 0);
});

const snippets = fc.array(
  fc.constantFrom(
    ..."stages:|stage_order:|parallel_groups:|work_to_review_mapping:|defaults:|agents:|limits:|checks:|store:|  A:|  B:|    work_agent: pm|    run: [x]|    checks: [a, [b]]|    artifacts: [a.md]|- A|[A, B]|{ stages: [A, B] }|*a|&a x|: |'|\"|---|\t|# c|null|1|**Goal**: x|## Scope|- [ ] y".split(
      "|",
    ),
  ),
  { maxLength: 30 },
);

it("whatever the text, there is a result or an error, and every place lies in the text", () => {
  const texts = fc.oneof(
    fc.string({ unit: "binary" }),
    snippets.map((parts) => parts.join("\n")),
    snippets.map((parts) => parts.join(" ")),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const workflow = parseWorkflow(text, "f");
      const project = parseProjectFile(text, "f");
      const objective = parseObjective(text, "f");
      expect(workflow.workflow === null).toBe(workflow.diagnostics.some((one) => one.severity === "error"));
      expect(project.project === null).toBe(project.diagnostics.some((one) => one.severity === "error"));
      expect(objective.objective === null).toBe(objective.diagnostics.some((one) => one.severity === "error"));
      const rows = text.replace(/\r\n?/g, "\n").split("\n");
      for (const { line, column } of [...workflow.diagnostics, ...project.diagnostics]) {
        expect(line).toBeLessThanOrEqual(Math.max(rows.length, text.split("\n").length));
        expect(column).toBeGreaterThanOrEqual(1);
      }
    }),
    { numRuns: 500 },
  );
});
