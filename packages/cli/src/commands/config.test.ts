import { expect, test } from "vitest";
import { createCli } from "../../test/cli-harness.js";

test("every value is shown with the default, the file, the variable or the flag that it comes from", async () => {
  const cli = await createCli({
    "troupe.yaml": `workflow: flow.yaml
store: sqlite
agents:
  default: claude
  reviewer: { plugin: codex, model: big }
limits: { cost: 1.5, duration: 90m }
checks: [npm test]
secrets: [API_KEY]
`,
    "flow.yaml": "stages:\n  A: { work_agent: a, artifacts: [] }\n",
  });
  const environment = { PATH: process.env.PATH, NO_COLOR: "1", API_KEY: "a-long-secret-value" };
  const { stdout } = await cli.runWith({ environment }, "config", "--plain");
  expect(stdout).toMatchInlineSnapshot(`
    "cwd                 PROJECT  (default)
    project.folder      PROJECT  (default)
    project.file        PROJECT/troupe.yaml  (default: found from the working folder upward)
    project.state       PROJECT/.troupe  (default)
    debug               false  (default)
    workflow            flow.yaml  (file: troupe.yaml:1)
    store               sqlite  (file: troupe.yaml:2)
    executor            parallel  (default)
    reporters           ["console"]  (default)
    agents.default      {"plugin":"claude","model":null,"access":"full","persona":null}  (file: troupe.yaml:4)
    agents.reviewer     {"plugin":"codex","model":"big","access":"full","persona":null}  (file: troupe.yaml:5)
    checks              ["npm test"]  (file: troupe.yaml:7)
    secrets.API_KEY     (masked)  (file: troupe.yaml:8)
    limits.duration     1h30m  (file: troupe.yaml:6)
    limits.cost         1.5  (file: troupe.yaml:6)
    limits.tokens       null  (default)
    limits.wait         6h  (default)
    limits.concurrency  null  (default)
    output.color        false  (environment: NO_COLOR)
    output.plain        true  (flag: --plain)
    output.input        false  (default)
    "
  `);
  expect((await cli.runWith({ environment }, "config", "output.color", "--color")).stdout).toBe(
    "output.color  true  (flag: --color)\n",
  );
  expect(JSON.parse((await cli.run("config", "limits", "--json")).stdout).values[1]).toEqual({
    key: "limits.cost",
    value: 1.5,
    origin: "file",
    from: "troupe.yaml:6",
  });
  expect((await cli.run("config", "limits.duration")).stdout).toBe("limits.duration  1h30m  (file: troupe.yaml:6)\n");
});

test("without any file everything is a default; an unknown key is refused", async () => {
  const cli = await createCli();
  const { values } = JSON.parse((await cli.run("config", "--json")).stdout);
  expect([...new Set(values.map(({ origin }: { origin: string }) => origin))]).toEqual(["default"]);
  expect(await cli.shown("config", "limit.tokens")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: there is no configuration limit.tokens; did you mean limits.tokens? [USAGE]
    hint: See all of it: troupe config
    "
  `);
});
