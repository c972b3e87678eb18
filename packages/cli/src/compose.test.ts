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
    hint: Write into troupe.yaml:
      agents: { default: claude }
    or say it for one run: --agent all=claude
    What is installed here: troupe agents
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
    hint: Add to \`agents:\` in troupe.yaml:
      other: claude
    What is installed here: troupe agents
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
    error: troupe.yaml:1:8: plugin "@nobody/store-of-nothing" is not installed
    troupe.yaml:2:11: "./reporter.mjs" is a plugin of kind reporter, not executor
    troupe.yaml:3:13: "./empty.mjs" has no plugin as its default export
    troupe.yaml:3:26: plugin "./missing.mjs" is not installed
    troupe.yaml:4:21: options of agent "replay": tape: is not known; known: file; file: must be the path of a cassette [PLUGIN_NOT_FOUND]
    hint: Install it: npm install --save-dev @nobody/store-of-nothing
    Name a plugin of kind executor there.
    A plugin's module exports { kind, name, apiVersion, options, create } as default.
    Check the path: it is relative to PROJECT.
    Mend the options of "replay" in troupe.yaml.
    "
  `);
  expect(cli.has(".troupe")).toBe(false);
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
    Run RUN; from another terminal: troupe watch RUN
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
    Run RUN; from another terminal: troupe watch RUN
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
    hint: See the whole of its error: add --verbose
    Which file or flag names it: troupe config
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
