import { expect, test } from "vitest";
import {
  createReport,
  type Report,
  renderGithubSummary,
  renderHtml,
  renderJson,
  renderJunit,
  renderMarkdown,
} from "../src/index.js";
import type { RecordedRun } from "./recorded-run.js";
import { RUNS } from "./runs.js";
import { showcase } from "./showcase-run.js";

function reportOn(run: RecordedRun): Report {
  const { runId } = run.state;
  return createReport(run.entries, {
    now: run.now + 1_000,
    holder: null,
    next: (state) => `troupe resume ${state.runId}`,
    logPath: (turn) => `.troupe/runs/${runId}/logs/${turn}.log`,
    artifactPath: ({ turn, name }) => `.troupe/runs/${runId}/artifacts/${turn}/${name}`,
  });
}

const FORMATS: readonly (readonly [string, (report: Report) => string])[] = [
  ["md", renderMarkdown],
  ["github.md", renderGithubSummary],
  ["junit.xml", renderJunit],
  ["html", renderHtml],
];

const all = Object.entries({ ...RUNS, showcase });

test.each(all.flatMap(([name, make]) => FORMATS.map(([ending, render]) => ({ name, ending, make, render }))))(
  "the report on $name, as $ending",
  async ({ name, ending, make, render }) => {
    await expect(render(reportOn(make()))).toMatchFileSnapshot(`golden/${name}.${ending}`);
  },
);

test.each(all)("the report on %s, as JSON", async (name, make) => {
  const text = renderJson(reportOn(make()));
  // one line of output; broken up here so that a change can be read
  expect(text.trimEnd().split("\n")).toHaveLength(1);
  await expect(`${JSON.stringify(JSON.parse(text), null, 1)}\n`).toMatchFileSnapshot(`golden/${name}.json`);
});

test.each(all)("the report on %s is the same each time", (_, make) => {
  expect(renderHtml(reportOn(make()))).toBe(renderHtml(reportOn(make())));
});
