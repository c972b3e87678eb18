import { expect, test } from "vitest";
import { failedGroup } from "../test/runs.js";
import { createReport, type Report, renderHtml, renderMarkdown } from "./index.js";

const OUTPUT = "make failed; the end of its output:\n  cc <main.c>\n```\n\nError 1\n";

/** A failed run whose failures say this. */
function reportOf(message: string): Report {
  const run = failedGroup();
  const report = createReport(run.entries, { now: run.now, holder: null });
  const failures = report.failures.map((failure) => ({ ...failure, message }));
  const stages = report.stages.map((stage) =>
    stage.error === null ? stage : { ...stage, error: { ...stage.error, message } },
  );
  return { ...report, failures, stages };
}

test("the page shows the end of an output with its lines, and of it the last one beside the stage", () => {
  const page = renderHtml(reportOf(OUTPUT));
  expect(page).toContain(`<p class="message"><bdi>make failed; the end of its output:</bdi></p><pre class="output"`);
  expect(page).toContain("<bdi>  cc &lt;main.c&gt;\n```\n\nError 1</bdi></pre>");
  expect(page).toMatch(/<span class="remark">\w+: make failed; the end of its output: … Error 1<\/span>/);
});

test("markdown has it as a block of code that nothing in it ends", () => {
  const markdown = renderMarkdown(reportOf(OUTPUT));
  expect(markdown).toContain(
    ": make failed; the end of its output:\n\n````text\n  cc <main.c>\n```\n\nError 1\n````\n\n- What to do:",
  );
});
