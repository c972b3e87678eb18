import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createCli, OBJECTIVE, pluginModule, TWO_STAGE_FILES, TWO_STAGES } from "../test/cli-harness.js";

const SMALL_STORE = fileURLToPath(new URL("../../core/test/small-store.ts", import.meta.url));

test("without any agent a run is refused with what to write", async () => {
  const cli = await createCli({ "objective.md": OBJECTIVE, "stages.yaml": TWO_STAGES });
  expect(await cli.shown("run", "objective.md")).toMatchInlineSnapshot(`
    "exit 6
    --- stderr
    error: no agent is configured, and the workflow needs agents [AGENT_NOT_CONFIGURED]
    hint: Name one in troupe.yaml, for example:
      agents:
        default: ["command", { command: ["claude", "-p"] }]
    or play a cassette: --agent all=replay:FILE
    "
  `);
  expect(cli.has(".troupe")).toBe(false);
});

test("an agent id without an agent is named", async () => {
  const cli = await createCli({
    "objective.md": OBJECTIVE,
    "stages.yaml": TWO_STAGES.replace("SECOND: { work_agent: worker", "SECOND: { work_agent: other"),
    "troupe.yaml": "agents: { worker: ./agent.mjs }\n",
  });
  expect(await cli.shown("run", "objective.md")).toMatchInlineSnapshot(`
    "exit 6
    --- stderr
    error: no agent is configured for other [AGENT_UNKNOWN]
    hint: Add them, or a default, under \`agents:\` in troupe.yaml.
    "
  `);
});

test("a missing program is known before the run exists", async () => {
  const cli = await createCli({
    "objective.md": OBJECTIVE,
    "stages.yaml": TWO_STAGES,
    "troupe.yaml": 'agents: { default: ["command", { command: [no-such-agent, -p] }] }\n',
  });
  expect(await cli.shown("run", "objective.md")).toMatchInlineSnapshot(`
    "exit 6
    --- stderr
    error: worker: the program no-such-agent was not found [AGENT_NOT_INSTALLED]
    hint: Install it, or name another in the agent's command. See whether it is there: command -v no-such-agent
    "
  `);
  expect(cli.runs()).toEqual([]);
});

test("an agent that cannot be checked is named, with the reason", async () => {
  const cli = await createCli({
    "objective.md": OBJECTIVE,
    "stages.yaml": TWO_STAGES,
    "odd.mjs": pluginModule("agent", '() => ({ run: async () => {}, check: () => { throw new Error("no socket") } })'),
    "troupe.yaml": "agents: { default: ./odd.mjs }\n",
  });
  expect(await cli.shown("run", "objective.md")).toMatchInlineSnapshot(`
    "exit 6
    --- stderr
    error: worker: no socket [AGENT_NOT_INSTALLED]
    "
  `);
});

test("the problems of all plugins are told at once, with what to type", async () => {
  const cli = await createCli({
    "objective.md": OBJECTIVE,
    "stages.yaml": TWO_STAGES,
    "reporter.mjs": pluginModule("reporter", "() => ({ report() {} })"),
    "empty.mjs": "export const nothing = 1;\n",
    "troupe.yaml": `store: "@nobody/store-of-nothing"
executor: ./reporter.mjs
reporters: [./empty.mjs, ./missing.mjs]
agents: { default: ["replay", { tape: 5 }] }
`,
  });
  expect(await cli.shown("run", "objective.md")).toMatchInlineSnapshot(`
    "exit 6
    --- stderr
    error: plugin "@nobody/store-of-nothing" is not installed
    "./reporter.mjs" is a plugin of kind reporter, not executor
    "./empty.mjs" has no plugin as its default export
    plugin "./missing.mjs" is not installed
    options of agent "replay": tape: is not known; known: file; file: must be the path of a cassette [PLUGIN_NOT_FOUND]
    hint: Install it: npm install --save-dev @nobody/store-of-nothing
    Name a plugin of kind executor there.
    A plugin's module exports { kind, name, apiVersion, options, create } as default.
    Check the path: it is relative to PROJECT.
    Mend the options of "replay" in troupe.yaml.
    "
  `);
  expect(cli.has(".troupe")).toBe(false);
});

const PLUGIN_PROBLEMS: readonly (readonly [string, string, string])[] = [
  [
    "older",
    pluginModule("store", "() => ({})", { apiVersion: "0" }),
    `error: "./store.mjs" was made for version 0 of the store interface, this is version 1 [PLUGIN_API_MISMATCH]
hint: Change the plugin to version 1 of the store interface.
`,
  ],
  [
    "newer",
    pluginModule("store", "() => ({})", { apiVersion: "2" }),
    `error: "./store.mjs" was made for version 2 of the store interface, this is version 1 [PLUGIN_API_MISMATCH]
hint: Update troupe: npm install @troupe/cli@latest
`,
  ],
  [
    "of another kind",
    pluginModule("agent", "() => ({})"),
    `error: "./store.mjs" is a plugin of kind agent, not store [PLUGIN_INVALID]
hint: Name a plugin of kind store there.
`,
  ],
  [
    "without a schema",
    pluginModule("store", "() => ({})", { options: '{ "~standard": {} }' }),
    `error: "./store.mjs" has no plugin as its default export [PLUGIN_INVALID]
hint: A plugin's module exports { kind, name, apiVersion, options, create } as default.
`,
  ],
  [
    "that throws",
    'throw new Error("no licence");\n',
    'error: plugin "./store.mjs" could not be loaded: no licence [PLUGIN_LOAD_FAILED]\n',
  ],
  [
    "that cannot be created",
    pluginModule("store", '() => { throw new Error("no database"); }'),
    'error: store plugin "third-party" could not be made ready: no database [PLUGIN_LOAD_FAILED]\n',
  ],
  [
    "whose schema throws",
    pluginModule("store", "() => ({})", {
      options: '{ "~standard": { version: 1, vendor: "test", validate: () => { throw new Error("oops"); } } }',
    }),
    'error: store "./store.mjs" could not check its options: oops [PLUGIN_LOAD_FAILED]\n',
  ],
  [
    "that does not like its options",
    pluginModule("store", "() => ({})", {
      options: `{ "~standard": { version: 1, vendor: "test", validate: () => ({ issues: [
        { message: "is missing", path: ["url"] }, { message: "is odd", path: [{ key: "pool" }, 0] }, { message: "no" },
      ] }) } }`,
    }),
    `error: options of store "./store.mjs": url: is missing; pool.0: is odd; no [PLUGIN_OPTIONS_INVALID]
hint: Mend the options of "./store.mjs" in troupe.yaml.
`,
  ],
];

test.each(PLUGIN_PROBLEMS)("a plugin %s is exit 6 with what to do", async (_, module, stderr) => {
  const cli = await createCli({ "store.mjs": module, "troupe.yaml": 'store: ["./store.mjs", { url: 5 }]\n' });
  expect(await cli.run("list")).toEqual({ code: 6, stdout: "", stderr });
});

test("a plugin that does not parse is exit 6", async () => {
  const cli = await createCli({ "store.mjs": "export default {\n", "troupe.yaml": "store: ./store.mjs\n" });
  const { code, stderr } = await cli.run("list");
  expect({ code, stderr: stderr.replace(/loaded: .*\[/, "loaded: REASON [") }).toEqual({
    code: 6,
    stderr: 'error: plugin "./store.mjs" could not be loaded: REASON [PLUGIN_LOAD_FAILED]\n',
  });
});

test("an older plugin of a package is updated by its package manager", async () => {
  const cli = await createCli({
    "node_modules/old-store/package.json": JSON.stringify({ type: "module", main: "main.js" }),
    "node_modules/old-store/main.js": pluginModule("store", "() => ({})", { apiVersion: "0" }),
    "troupe.yaml": "store: old-store\n",
  });
  expect((await cli.run("list")).stderr).toContain(
    "hint: Update the plugin: npm install --save-dev old-store@latest\n",
  );
});

test("a plugin is found in the project's node_modules, also one that only knows import", async () => {
  const agent = pluginModule("agent", '() => ({ run: async () => ({ output: "hi", session: null, usage: null }) })');
  const cli = await createCli({
    "objective.md": OBJECTIVE,
    "stages.yaml": TWO_STAGES.replace("SECOND: { work_agent: worker", "SECOND: { work_agent: other"),
    "node_modules/@nice/agent/package.json": JSON.stringify({ exports: { ".": { import: { node: "./agent.js" } } } }),
    "node_modules/@nice/agent/agent.js": agent,
    "node_modules/plain-agent/package.json": JSON.stringify({ type: "module", main: "main.js" }),
    "node_modules/plain-agent/main.js": agent,
    "node_modules/@nice/closed/package.json": JSON.stringify({ exports: { "./inside": "./agent.js" } }),
    "troupe.yaml": 'agents: { worker: "@nice/agent", other: plain-agent }\n',
  });
  expect((await cli.run("run", "objective.md")).stdout).toBe("Done: RUN. 2 completed of 2 stages.\n");
  for (const name of ["@nice/closed", "@nice/agent/inside", "@nice"]) {
    await cli.write("troupe.yaml", `store: "${name}"\n`);
    expect((await cli.run("list")).stderr).toContain(`plugin "${name}" is not installed [PLUGIN_NOT_FOUND]`);
  }
});

test("store, executor, agent and reporter may come from anybody", async () => {
  const cli = await createCli({
    "objective.md": OBJECTIVE,
    "stages.yaml": TWO_STAGES,
    "store.mjs": `import { createSmallStore } from ${JSON.stringify(SMALL_STORE)};
const store = createSmallStore();
${pluginModule("store", "() => store")}`,
    "executor.mjs": pluginModule(
      "executor",
      `(options, host) => ({
        capacity: 1,
        execute: async (task, context) => {
          host.logger.warn("executing " + task.turn + " with " + JSON.stringify(options));
          return await host.runner.run(task, context);
        },
      })`,
    ),
    "agent.mjs": pluginModule(
      "agent",
      "({ say }) => ({ run: async ({ stage }) => ({ output: say + stage, session: null, usage: null }) })",
    ),
    "reporter.mjs": pluginModule(
      "reporter",
      `(options, { streams }) => ({
        report: (event) => streams.stdout.write(event.type + " " + (event.entry?.events.map((e) => e.type) ?? "") + "\\n"),
        close: async () => streams.stdout.write("closed\\n"),
      })`,
    ),
    "troupe.yaml": `store: ./store.mjs
executor: ["./executor.mjs", { power: 11 }]
reporters: ["./reporter.mjs"]
agents: { default: ["./agent.mjs", { say: "doing " }] }
`,
  });
  expect(await cli.shown("run", "objective.md")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    entry run.created
    entry run.claimed
    entry turn.started
    entry turn.settled,stage.completed,turn.started
    entry turn.settled,stage.completed,run.finished
    closed
    Done: RUN. 2 completed of 2 stages.
    --- stderr
    Performing workflow stages.yaml (2 stages)
    Run RUN; from another terminal: troupe status RUN
    warning: executing FIRST.1 with {"power":11}
    warning: executing SECOND.1 with {"power":11}
    See it: troupe status RUN
    Artifacts: PROJECT/.troupe/runs/RUN/artifacts/latest
    "
  `);
  expect((await cli.run("logs")).code).toBe(0);
  expect((await cli.run("list")).stdout).toContain("succeeded");
});

test("reporters that throw, hang or fail to close harm no run", async () => {
  const cli = await createCli({
    ...TWO_STAGE_FILES,
    "thrower.mjs": pluginModule("reporter", '() => ({ report() { throw new Error("no ink"); } })'),
    "hanger.mjs": pluginModule("reporter", "() => ({ report() {}, close: () => new Promise(() => {}) })"),
    "breaker.mjs": pluginModule(
      "reporter",
      '() => ({ report() {}, close: async () => { throw new Error("stuck"); } })',
    ),
    "troupe.yaml": `reporters: [./thrower.mjs, ./hanger.mjs, ./breaker.mjs]\n${TWO_STAGE_FILES["troupe.yaml"]}`,
  });
  expect(await cli.shown("run", "objective.md")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    Done: RUN. 2 completed of 2 stages.
    --- stderr
    Performing workflow stages.yaml (2 stages)
    Run RUN; from another terminal: troupe status RUN
    warning: a progress reporter failed: no ink
    warning: a progress reporter failed: no ink
    warning: a progress reporter could not be closed: stuck
    See it: troupe status RUN
    Artifacts: PROJECT/.troupe/runs/RUN/artifacts/latest
    "
  `);
});

test("agent ids with the same plugin and options share one agent, which is closed at the end", async () => {
  const cli = await createCli({
    "objective.md": OBJECTIVE,
    "stages.yaml": TWO_STAGES.replace("SECOND: { work_agent: worker", "SECOND: { work_agent: other"),
    "agent.mjs": pluginModule(
      "agent",
      `(options, { streams }) => {
        streams.stderr.write("created\\n");
        return {
          run: async () => ({ output: "done", session: null, usage: null }),
          close: async () => { streams.stderr.write("closed\\n"); throw new Error("not quite"); },
        };
      }`,
    ),
    "troupe.yaml": "agents: { default: ./agent.mjs }\n",
  });
  expect(await cli.shown("run", "objective.md", "--quiet")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    Done: RUN. 2 completed of 2 stages.
    --- stderr
    created
    closed
    warning: closing failed: not quite
    "
  `);
});

test("what was created is closed when something later cannot be created", async () => {
  const cli = await createCli({
    ...TWO_STAGE_FILES,
    "agent.mjs": pluginModule(
      "agent",
      '(o, { streams }) => ({ run() {}, close() { streams.stderr.write("closed\\n"); } })',
    ),
    "executor.mjs": pluginModule("executor", '() => { throw new Error("no machine"); }'),
    "troupe.yaml": "executor: ./executor.mjs\nagents: { default: ./agent.mjs }\n",
  });
  expect(await cli.shown("run", "objective.md")).toMatchInlineSnapshot(`
    "exit 6
    --- stderr
    closed
    error: executor plugin "third-party" could not be made ready: no machine [PLUGIN_LOAD_FAILED]
    "
  `);
});

test("TROUPE_DEBUG shows what plugins log, made safe", async () => {
  const cli = await createCli({
    "store.mjs": pluginModule(
      "store",
      `(options, { logger }) => {
        logger.debug("deep \\u001b[31mdown");
        logger.info("inside");
        return { async *list() {}, close: async () => {} };
      }`,
    ),
    "troupe.yaml": "store: ./store.mjs\n",
  });
  expect((await cli.runWith({ environment: { TROUPE_DEBUG: "1" } }, "list")).stderr).toBe(
    "debug: deep down\ninfo: inside\nThere is no run yet. Start one: troupe run objective.md\n",
  );
});
