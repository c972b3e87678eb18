import { expect, test } from "vitest";
import { createCli, TWO_STAGE_FILES } from "../../test/cli-harness.js";

test("what is wrong with the plugins of the project file is shown at once, with its places", async () => {
  const cli = await createCli({
    ...TWO_STAGE_FILES,
    "troupe.yaml": `store: sqlite
executor: [parallel, { concurency: 2 }]
reporters: [consol, ./none.mjs]
agents:
  default: cluade
  worker: [command, { comand: [my-agent] }]
  reviewer: fs
`,
  });
  expect(await cli.shown("validate")).toMatchInlineSnapshot(`
    "exit 3
    --- stderr
    troupe.yaml:1:8 error PLUGIN_NOT_FOUND: plugin "sqlite" is not installed
      1 | store: sqlite
        |        ^
      hint: did you mean "@troupe/store-sqlite"?

    troupe.yaml:2:12 error PLUGIN_OPTIONS_INVALID: options of executor "parallel": concurency: unknown option; the only one is "concurrency"
      1 | store: sqlite
      2 | executor: [parallel, { concurency: 2 }]
        |            ^
      hint: Mend the options of "parallel" in troupe.yaml.

    troupe.yaml:3:13 error PLUGIN_NOT_FOUND: plugin "consol" is not installed
      2 | executor: [parallel, { concurency: 2 }]
      3 | reporters: [consol, ./none.mjs]
        |             ^
      hint: did you mean "console"?

    troupe.yaml:3:21 error PLUGIN_NOT_FOUND: plugin "./none.mjs" is not installed
      2 | executor: [parallel, { concurency: 2 }]
      3 | reporters: [consol, ./none.mjs]
        |                     ^
      hint: Check the path: it is relative to PROJECT.

    troupe.yaml:5:12 error PLUGIN_NOT_FOUND: plugin "cluade" is not installed
      4 | agents:
      5 |   default: cluade
        |            ^
      hint: did you mean "claude"?

    troupe.yaml:6:12 error PLUGIN_OPTIONS_INVALID: options of agent "command": comand: is not known; known: preset, command, prompt, resultFile, env, maxOutputBytes; command: must be a list: the program, then its arguments
      5 |   default: cluade
      6 |   worker: [command, { comand: [my-agent] }]
        |            ^
      hint: Mend the options of "command" in troupe.yaml.

    troupe.yaml:7:13 error PLUGIN_INVALID: "fs" is a plugin of kind store, not agent
      6 |   worker: [command, { comand: [my-agent] }]
      7 |   reviewer: fs
        |             ^
      hint: Name a plugin of kind agent there.

    7 errors
    Checked: troupe.yaml (project file), stages.yaml (workflow)
    error: 7 mistakes in troupe.yaml [CONFIG_INVALID]
    hint: Mend it, then check: troupe validate troupe.yaml
    "
  `);
  expect(JSON.parse((await cli.run("validate", "--json")).stdout)).toMatchObject({ valid: false, errors: 7 });
});

test("a mistyped plugin alone is a mistake of the file too", async () => {
  const cli = await createCli({ ...TWO_STAGE_FILES, "troupe.yaml": "agents: { default: cluade }\n" });
  expect(await cli.shown("validate")).toMatchInlineSnapshot(`
    "exit 3
    --- stderr
    troupe.yaml:1:20 error PLUGIN_NOT_FOUND: plugin "cluade" is not installed
      1 | agents: { default: cluade }
        |                    ^
      hint: did you mean "claude"?

    1 error
    Checked: troupe.yaml (project file), stages.yaml (workflow)
    error: 1 mistake in troupe.yaml [CONFIG_INVALID]
    hint: Mend it, then check: troupe validate troupe.yaml
    "
  `);
});

test("a plugin that is still to be installed is a warning, and one that is there is not run", async () => {
  const cli = await createCli({
    ...TWO_STAGE_FILES,
    "troupe.yaml":
      'store: "@acme/troupe-store"\nreporters: [./reporter.mjs]\nagents: { default: claude, worker: codex }\n',
    "reporter.mjs": "import { writeFileSync } from 'node:fs';\nwriteFileSync('ran', '');\n",
  });
  expect(await cli.shown("validate")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    Valid: troupe.yaml (project file), stages.yaml (workflow)
    --- stderr
    troupe.yaml:1:8 warning PLUGIN_NOT_FOUND: plugin "@acme/troupe-store" is not installed
      1 | store: "@acme/troupe-store"
        |        ^
      hint: Install it: npm install --save-dev @acme/troupe-store

    1 warning
    Name an objective to check it as well: troupe validate FILE.md
    "
  `);
  expect(cli.has("ran")).toBe(false);
});

test.each([
  ["store-sqlite", "@troupe/store-sqlite"],
  ["store-fs", "@troupe/store-fs"],
  ["@troupe/store-sqllite", "@troupe/store-sqlite"],
])("nobody is told to install %s where a package of ours was meant", async (written, meant) => {
  const cli = await createCli({ ...TWO_STAGE_FILES, "troupe.yaml": `store: "${written}"\n` });
  expect((await cli.run("list")).stderr).toBe(
    `error: troupe.yaml:1:8: plugin "${written}" is not installed [PLUGIN_NOT_FOUND]\nhint: did you mean "${meant}"?\n`,
  );
});
