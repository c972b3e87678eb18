import { expect, test } from "vitest";
import { createCli, OBJECTIVE, pluginModule, TWO_STAGES } from "../../test/cli-harness.js";

const PLUGIN_PROBLEMS: readonly (readonly [string, string, string])[] = [
  [
    "older",
    pluginModule("store", "() => ({})", { apiVersion: "0" }),
    `error: troupe.yaml:1:9: "./store.mjs" was made for version 0 of the store interface, this is version 1 [PLUGIN_API_MISMATCH]
hint: Change the plugin to version 1 of the store interface.
`,
  ],
  [
    "newer",
    pluginModule("store", "() => ({})", { apiVersion: "2" }),
    `error: troupe.yaml:1:9: "./store.mjs" was made for version 2 of the store interface, this is version 1 [PLUGIN_API_MISMATCH]
hint: Update troupe: npm install --global @troupe/cli@latest
`,
  ],
  [
    "of another kind",
    pluginModule("agent", "() => ({})"),
    `error: troupe.yaml:1:9: "./store.mjs" is a plugin of kind agent, not store [PLUGIN_INVALID]
hint: Name a plugin of kind store there.
`,
  ],
  [
    "without a schema",
    pluginModule("store", "() => ({})", { options: '{ "~standard": {} }' }),
    `error: troupe.yaml:1:9: "./store.mjs" has no plugin as its default export [PLUGIN_INVALID]
hint: A plugin's module exports { kind, name, apiVersion, options, create } as default.
`,
  ],
  [
    "that throws",
    'throw new Error("no licence");\n',
    'error: troupe.yaml:1:9: plugin "./store.mjs" could not be loaded: no licence [PLUGIN_LOAD_FAILED]\nhint: See the whole of its error: add --verbose\nWhich file or flag names it: troupe config\n',
  ],
  [
    "that cannot be created",
    pluginModule("store", '() => { throw new Error("no database"); }'),
    'error: store plugin "third-party" could not be made ready: no database [PLUGIN_LOAD_FAILED]\nhint: See the whole of its error: add --verbose\nWhich file or flag names it: troupe config\n',
  ],
  [
    "whose schema throws",
    pluginModule("store", "() => ({})", {
      options: '{ "~standard": { version: 1, vendor: "test", validate: () => { throw new Error("oops"); } } }',
    }),
    'error: troupe.yaml:1:9: store "./store.mjs" could not check its options: oops [PLUGIN_LOAD_FAILED]\nhint: See the whole of its error: add --verbose\nWhich file or flag names it: troupe config\n',
  ],
  [
    "that does not like its options",
    pluginModule("store", "() => ({})", {
      options: `{ "~standard": { version: 1, vendor: "test", validate: () => ({ issues: [
        { message: "is missing", path: ["url"] }, { message: "is odd", path: [{ key: "pool" }, 0] }, { message: "no" },
      ] }) } }`,
    }),
    `error: troupe.yaml:1:9: options of store "./store.mjs": url: is missing; pool.0: is odd; no [PLUGIN_OPTIONS_INVALID]
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
    stderr:
      'error: troupe.yaml:1:8: plugin "./store.mjs" could not be loaded: REASON [PLUGIN_LOAD_FAILED]\nhint: See the whole of its error: add --verbose\nWhich file or flag names it: troupe config\n',
  });
});

test("an older plugin of a package is updated as it was installed, also behind its short name", async () => {
  const module = pluginModule("store", "() => ({})", { apiVersion: "0" });
  const cli = await createCli({
    "package.json": JSON.stringify({ dependencies: { "old-store": "1.0.0" } }),
    "node_modules/old-store/package.json": JSON.stringify({ type: "module", main: "main.js" }),
    "node_modules/old-store/main.js": module,
    "node_modules/@troupe/store-fs/package.json": JSON.stringify({ type: "module", exports: "./main.js" }),
    "node_modules/@troupe/store-fs/main.js": module,
    "troupe.yaml": "store: old-store\n",
  });
  expect((await cli.run("list")).stderr).toContain("hint: Update the plugin: npm install old-store@latest\n");
  await cli.write("troupe.yaml", "store: fs\n");
  expect((await cli.run("list")).stderr).toBe(
    `error: troupe.yaml:1:8: "fs" was made for version 0 of the store interface, this is version 1 [PLUGIN_API_MISMATCH]
hint: Update the plugin: npm install --save-dev @troupe/store-fs@latest
`,
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
