import { expect, test } from "vitest";
import { createProject } from "./harness.js";

// `list`, `status` and `validate` are files of their own in the built command, and all else is in parts that they share
test.each([
  ["list"],
  ["status"],
  ["resume"],
  ["clean", "list"],
  ["graph", "--format", "json"],
  ["run", "-m", "validate", "--agent", "all=command"],
])("the built command tells with --json what is wrong in a file, with its place: %s", async (...words) => {
  const project = await createProject({ "troupe.yaml": "agents: { a: [ }\n" });
  const { code, stdout, stderr } = await project.run(...words, "--json");
  expect([code, stdout, JSON.parse(stderr).error]).toEqual([
    3,
    "",
    expect.objectContaining({
      code: "CONFIG_INVALID",
      file: "troupe.yaml",
      line: 1,
      column: 16,
      diagnostics: [
        expect.objectContaining({ severity: "error", line: 1, column: 16, hint: "Write ], or remove it." }),
      ],
    }),
  ]);
});
