import { join } from "node:path";
import { expect, test } from "vitest";
import { createCli, HALF, TWO_STAGE_FILES } from "../../test/cli-harness.js";

test("replay:FILE in the project file plays the cassette of the project's folder, from wherever one stands", async () => {
  const cli = await createCli({
    ...TWO_STAGE_FILES,
    "troupe.yaml": "workflow: stages.yaml\nagents: { default: 'replay:tape.jsonl' }\n",
  });
  await cli.write("deep/er/file.txt", "");
  const inside = { cwd: join(cli.folder, "deep/er") };
  expect(
    await cli.runWith(inside, "run", "../../objective.md", "--config", "../../troupe.yaml", "--quiet"),
  ).toMatchObject({ code: 0, stderr: "" });
  const again = await cli.run("run", "--new", "objective.md", "--agent", "all=replay:tape.jsonl");
  expect(again.code).toBe(0);
});

test("command:PROGRAM ARGUMENTS in the project file runs the program, as with --agent", async () => {
  const program =
    "let text = '';\nprocess.stdin.on('data', (one) => (text += one)).on('end', () => console.log('did it'));\n";
  const cli = await createCli({
    "objective.md": "# Try it\n",
    "stages.yaml": "stages:\n  ONE: { work_agent: worker, artifacts: [] }\n",
    "troupe.yaml": "agents:\n  default: command:node agent.mjs\n",
    "agent.mjs": program,
  });
  expect(await cli.run("run", "objective.md")).toMatchObject({ code: 0 });
  const { turns } = JSON.parse((await cli.raw("show", cli.runId(), "ONE", "--json")).stdout);
  expect(turns).toMatchObject([{ output: expect.stringContaining("did it") }]);
});

test("options that are written out go before those of the name; what is no map is refused by the plugin", async () => {
  const cli = await createCli({
    ...TWO_STAGE_FILES,
    "troupe.yaml": 'agents:\n  default: ["replay:none.jsonl", { file: tape.jsonl }]\n',
  });
  expect((await cli.run("run", "objective.md")).code).toBe(0);
  const wrong = await createCli({ ...HALF, "troupe.yaml": 'agents:\n  default: ["replay:tape.jsonl", [1]]\n' });
  expect((await wrong.run("run", "objective.md")).stderr).toMatch(/CONFIG_INVALID|PLUGIN_OPTIONS_INVALID/);
});
