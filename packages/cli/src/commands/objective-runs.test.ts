import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createCli, TWO_STAGE_FILES } from "../../test/cli-harness.js";

test("two objectives with the same title never share a folder", async () => {
  const cli = await createCli({
    ...TWO_STAGE_FILES,
    "a/objective.md": "# Objective: Mail export\n\n- weekly\n",
    "b/objective.md": "# Objective: Mail export\n\n- daily\n",
  });
  expect((await cli.run("run", "a/objective.md", "--quiet")).code).toBe(0);
  expect((await cli.run("run", "b/objective.md", "--quiet")).code).toBe(0);
  const journals = cli
    .runs()
    .map((run) => readFileSync(join(cli.folder, ".troupe/runs", run, "journal.jsonl"), "utf8"));
  expect(cli.runs().every((run) => run.startsWith("mail-export-"))).toBe(true);
  expect(journals.map((journal) => [journal.includes("weekly"), journal.includes("daily")]).sort()).toEqual([
    [false, true],
    [true, false],
  ]);
});
