import { jsonSchemaText } from "@troupe/config";
import { expect, test } from "vitest";
import { createCli } from "../../test/cli-harness.js";

test("schema prints the schema of each file, of the workflow when none is named", async () => {
  const cli = await createCli();
  for (const name of ["workflow", "project", "objective"] as const) {
    expect(await cli.raw("schema", name)).toEqual({ code: 0, stdout: jsonSchemaText(name), stderr: "" });
  }
  expect(await cli.raw("schema")).toEqual({ code: 0, stdout: jsonSchemaText("workflow"), stderr: "" });
  expect(cli.has(".troupe")).toBe(false);
});

test("schema names the schemas that there are", async () => {
  const cli = await createCli();
  expect(await cli.shown("schema", "stages")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: command-argument value 'stages' is invalid for argument 'file'. Allowed choices are workflow, project, objective, output-agents, output-answer, output-artifact, output-artifacts, output-clean, output-config, output-doctor, output-dry-run, output-error, output-events, output-graph, output-import, output-init, output-judge, output-list, output-logs, output-notify, output-plan, output-repair, output-report, output-show, output-show-stage, output-status, output-validate, output-why.
    Help: troupe schema --help
    "
  `);
});

test("schema --write puts them where the first line of a workflow points, out of git's sight, and over older ones", async () => {
  const cli = await createCli({
    "stages.yaml": "stages: { A: { run: make } }\n",
    ".troupe/schemas/workflow.schema.json": "{}",
  });
  expect(await cli.shown("schema", "--write")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    .troupe/schemas/workflow.schema.json
    .troupe/schemas/project.schema.json
    .troupe/schemas/objective.schema.json
    "
  `);
  expect(cli.read(".troupe/schemas/workflow.schema.json")).toBe(jsonSchemaText("workflow"));
  expect(cli.read(".troupe/.gitignore")).toBe("*\n");
  await cli.write(".troupe/.gitignore", "!kept\n");
  expect((await cli.run("schema", "--write")).code).toBe(0);
  expect(cli.read(".troupe/.gitignore")).toBe("!kept\n");
  expect((await cli.run("list")).code).toBe(0);
});

test("schema --write says why it cannot", async () => {
  const cli = await createCli({ ".troupe": "a file\n" });
  const { code, stderr } = await cli.run("schema", "--write");
  expect(code).toBe(6);
  expect(stderr).toContain(
    "[STORE_FAILED]\nhint: Print one instead, to a place of your own: troupe schema workflow > ",
  );
});
