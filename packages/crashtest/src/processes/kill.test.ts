import { expect, test } from "vitest";
import { scenarioNamed } from "./case-in-project.js";
import { countRun } from "./counted-run.js";
import { performKillCase } from "./kill-case.js";
import { traceProblem } from "./tools.js";

const reason = await traceProblem();

test("counts the calls of a run that nobody kills, the journal's among them, and nothing outside its folder", async (context) => {
  context.skip(reason !== null, reason ?? "");
  const { points, problems } = await countRun(scenarioNamed("chain"), "store-fs");
  expect(problems).toEqual([]);
  expect(points[0]).toEqual({ call: "mkdir", path: ".troupe", n: 1 });
  const journal = points.filter(({ path }) => path.endsWith("/journal.jsonl") && path.includes("/runs/"));
  expect(journal.slice(0, 4).map(({ call, n }) => `${call} ${n}`)).toEqual([
    "write 1",
    "fdatasync 1",
    "write 2",
    "fdatasync 2",
  ]);
}, 180_000);

test.each(["before", "after"] as const)(
  "a run killed %s its third append to the journal ends as if nothing had happened",
  async (when) => {
    if (reason !== null) return void process.stderr.write(`skipped: ${reason}\n`);
    const scenario = scenarioNamed("review");
    const { points, final: expected } = await countRun(scenario, "store-fs");
    const point = points.find(({ call, path, n }) => call === "write" && path.endsWith("journal.jsonl") && n === 3);
    if (point === undefined) throw new Error("there is no third append");
    const result = await performKillCase({
      id: when,
      scenario,
      store: "store-fs",
      kills: [{ ...point, when }],
      expected,
    });
    expect(result).toEqual({
      ...{ scenario: "review", id: when, points: 1 },
      ...{ rerunStages: 0, lostOutputs: 0, processesLeft: 0, violations: [] },
    });
  },
  180_000,
);
