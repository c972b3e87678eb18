import { chmod, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { systemClock } from "@troupe/core";
import { expect, test } from "vitest";
import { createCli, pluginModule, type TestCli, TWO_STAGE_FILES, TWO_STAGES } from "../../test/cli-harness.js";

/** A program of the given name, first on a search path that has nothing else. */
async function install(cli: TestCli, name: string, script: string): Promise<void> {
  await cli.write(`bin/${name}`, `#!/bin/sh\n${script}\n`);
  await chmod(join(cli.folder, "bin", name), 0o755);
}

const CLAUDE = (loggedIn: boolean): string =>
  `case "$1" in --version) echo "2.1.330 (Claude Code)";; *) echo '{ "loggedIn": ${loggedIn} }';; esac`;

async function createProject(files: Readonly<Record<string, string>>): Promise<TestCli> {
  const cli = await createCli(files);
  await mkdir(join(cli.folder, ".git"));
  await mkdir(join(cli.folder, "bin"));
  await install(cli, "git", 'echo "git version 2.50.0"');
  return cli;
}

async function shown(cli: TestCli, ...args: readonly string[]): Promise<string> {
  const environment = { PATH: join(cli.folder, "bin") };
  const text = await cli.shownWith({ environment }, ...args);
  return text.replace(/Node [\d.]+/, "Node N").replace(/[\d]+ [GM]iB/, "N GiB");
}

test("says that all is well, with what is installed besides", async () => {
  const cli = await createProject({ "stages.yaml": TWO_STAGES, "troupe.yaml": "agents: { default: claude }\n" });
  await install(cli, "claude", CLAUDE(true));
  await install(cli, "codex", 'case "$1" in --version) echo codex-cli 0.169.0;; *) echo Not logged in; exit 1;; esac');
  await install(cli, "copilot", "echo GitHub Copilot CLI 1.0.102.");
  expect(await shown(cli, "doctor")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    ok       node           Node N
    ok       git            git 2.50.0
    ok       project        PROJECT/troupe.yaml
    ok       workflow       stages.yaml, 2 stages
    ok       secrets        nothing is missing
    ok       folder         PROJECT/.troupe, N GiB free
    ok       store          fs
    ok       agent default  claude: 2.1.330, found PROJECT/bin/claude, logged in

    Installed and not configured:
      codex: 0.169.0, found PROJECT/bin/codex, not logged in
      copilot: 1.0.102, found PROJECT/bin/copilot, login unknown
      Try one: troupe run objective.md --agent all=copilot

    All that is needed is here.
    "
  `);
});

test("says what to type for each problem, and exits 6", async () => {
  const cli = await createProject({
    "stages.yaml": TWO_STAGES.replace("SECOND: { work_agent: worker", "SECOND: { work_agent: other"),
    "troupe.yaml": `secrets: [NOT_SET]
agents:
  worker: { plugin: claude, persona: builder, model: opus }
  reviewer: "acp:nobody"
  third: ["command", { command: [no-such-agent] }]
  fourth: [opencode, { model: m }]
store: "@nobody/store"
`,
  });
  await install(cli, "claude", CLAUDE(false));
  expect(await shown(cli, "doctor")).toMatchInlineSnapshot(`
    "exit 6
    --- stdout
    ok       node            Node N
    ok       git             git 2.50.0
    ok       project         PROJECT/troupe.yaml
    problem  workflow        no agent is configured for other
                             Add to \`agents:\` in troupe.yaml:
                               other: claude
                             What is installed here: troupe agents
    warning  secrets         without a value: NOT_SET
                             Set it before a run, or take it from \`secrets:\` in troupe.yaml.
    ok       folder          PROJECT/.troupe, N GiB free
    problem  store           troupe.yaml:7:8: plugin "@nobody/store" is not installed
                             Install it: npm install --save-dev @nobody/store
    problem  agent worker    claude: 2.1.330, found PROJECT/bin/claude, not logged in
                             Log in: claude /login
    problem  agent reviewer  acp:nobody: troupe.yaml:4:13: options of agent "acp:nobody": preset: must be one of: claude, codex, gemini, copilot, opencode, qwen
                             Mend the options of "acp:nobody" in troupe.yaml.
    problem  agent third     command: the program no-such-agent was not found
                             Install it, or name another in the agent's command. See whether it is there: command -v no-such-agent
    problem  agent fourth    opencode: the program opencode was not found
                             Install it: npm install -g opencode-ai@1.18.33

    6 problems.
    "
  `);
  expect(cli.has(".troupe")).toBe(false);
});

test("without a project file, or with one that has mistakes, says what to do", async () => {
  const cli = await createProject({});
  expect(await shown(cli, "doctor")).toMatchInlineSnapshot(`
    "exit 6
    --- stdout
    ok       node      Node N
    ok       git       git 2.50.0
    warning  project   no troupe.yaml in PROJECT or above it
                       Write one: echo 'agents: { default: claude }' > troupe.yaml
    problem  workflow  no agent is configured, and the workflow needs agents
                       Write into troupe.yaml:
                         agents: { default: claude }
                       or say it for one run: --agent all=claude
                       What is installed here: troupe agents
    ok       secrets   nothing is missing
    ok       folder    PROJECT/.troupe, N GiB free
    ok       store     fs

    None of the known agents is installed.
      How to install each: troupe agents

    1 problem.
    "
  `);
  await cli.write("troupe.yaml", "agents: 5\n");
  const text = await shown(cli, "doctor");
  expect(text).toContain(
    "problem  project   troupe.yaml has mistakes\n                   See them: troupe validate troupe.yaml\n",
  );
  expect(text).not.toContain("no agent is configured");
});

test("without git, in no repository, with a broken workflow and a folder that leads nowhere", async () => {
  const cli = await createCli({ "stages.yaml": "stages: 5\n", "troupe.yaml": 'agents: { default: "./quick.mjs" }\n' });
  await cli.write("quick.mjs", pluginModule("agent", "() => ({ run: async () => {} })"));
  await symlink(join(cli.folder, "gone"), join(cli.folder, ".troupe"));
  expect(await shown(cli, "doctor")).toMatchInlineSnapshot(`
    "exit 6
    --- stdout
    ok       node           Node N
    warning  git            git was not found: reviews see no diff of the work
                            Install it: https://git-scm.com/downloads
    ok       project        PROJECT/troupe.yaml
    problem  workflow       stages.yaml has mistakes
                            See them: troupe validate
    ok       secrets        nothing is missing
    problem  folder         PROJECT/.troupe is a link that leads nowhere
                            Make the folder that it points to, or remove it: ls -ld 'PROJECT/.troupe'
    ok       store          fs
    ok       agent default  ./quick.mjs: it does not say how it is

    2 problems.
    "
  `);
});

test("an agent that is missing, slow or not logged in is told once, with what to type", async () => {
  const agent = fileURLToPath(new URL("../../../agent-acp/test/scripted-agent.mjs", import.meta.url));
  const cli = await createProject({
    "stages.yaml": TWO_STAGES,
    "troupe.yaml": `agents:
  worker: ["acp", { command: [${process.execPath}, ${agent}, out.json] }]
  second: "./slow.mjs"
  third: "acp:gemini"
`,
    "out.json": JSON.stringify({ errors: { "session/new": { code: -32000, message: "Authentication required" } } }),
  });
  const health = '{ ok: true, version: null, login: "unknown", message: "it is slow", hint: "Try it by hand: slow" }';
  await cli.write("slow.mjs", pluginModule("agent", `() => ({ run: async () => {}, check: async () => (${health}) })`));
  const text = (await shown(cli, "doctor")).replaceAll(process.execPath, "NODE");
  expect(text.slice(text.indexOf("problem  agent"))).toMatchInlineSnapshot(`
    "problem  agent worker  acp: 1.2.3, NODE is not logged in
                           Log in with the agent's own program.
    warning  agent second  ./slow.mjs: it is slow
                           Try it by hand: slow
    problem  agent third   acp:gemini: the program gemini was not found
                           Install it: npm install -g @google/gemini-cli@0.61.0
                           or let npx start it: fallback: true in its options

    2 problems.
    "
  `);
});

test("--json has checks, agents and known programs", async () => {
  const cli = await createProject({ "stages.yaml": TWO_STAGES, "troupe.yaml": "agents: { default: claude }\n" });
  await install(cli, "claude", CLAUDE(false));
  const { code, stdout } = await cli.runWith({ environment: { PATH: join(cli.folder, "bin") } }, "doctor", "--json");
  const { known, checks, ...report } = JSON.parse(stdout);
  const found = {
    version: "2.1.330",
    login: "out",
    message: "found PROJECT/bin/claude, not logged in",
    hint: "Log in: claude /login",
  };
  const configured = { plugin: "claude", persona: null, model: null, access: "full", file: "troupe.yaml", line: 1 };
  expect({ code, report }).toEqual({
    code: 6,
    report: { version: 1, ok: false, agents: [{ id: "default", ...configured, ok: false, ...found }] },
  });
  expect(checks.map(({ id }: { readonly id: string }) => id)).toEqual([
    ...["node", "git", "project", "workflow", "secrets", "folder", "store"],
  ]);
  expect(known[0]).toEqual({ name: "claude", installed: true, configured: true, ...found });
  expect(known[1]).toMatchObject({ name: "codex", installed: false, configured: false, version: null });
});

test("does not wait for an agent that never says how it is, or for what that holds open", async () => {
  const check = "check: () => new Promise(() => {})";
  const cli = await createProject({ ...TWO_STAGE_FILES, "troupe.yaml": "agents: { default: ./stuck.mjs }\n" });
  await cli.write("stuck.mjs", pluginModule("agent", `() => ({ run: async () => {}, ${check} })`));
  const clock = { ...systemClock, wait: async () => {} };
  const { code, stdout } = await cli.runWith({ environment: {}, clock }, "agents");
  expect(code).toBe(6);
  expect(stdout).toContain("PROBLEM: it did not say within SPAN how it is");
  expect(cli.exits).toEqual([6]);
});

test("agents shows who is configured, where, and which programs are known", async () => {
  const cli = await createProject({
    ...TWO_STAGE_FILES,
    "troupe.yaml": `agents:
  worker: { plugin: claude, persona: builder, model: opus }
  default: ["replay", { file: tape.jsonl }]
`,
  });
  await install(cli, "claude", CLAUDE(true));
  expect(await shown(cli, "agents")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    Configured:
      worker   claude, persona builder, model opus, access full (troupe.yaml:2)
               2.1.330, found PROJECT/bin/claude, logged in
      default  replay, access full (troupe.yaml:3)
               2 recorded turns in tape.jsonl

    Known, for \`agents:\` in troupe.yaml or --agent all=NAME:
      claude    2.1.330, found PROJECT/bin/claude, logged in
      codex     the program codex was not found. Install it: npm install -g @openai/codex@0.169.0
      copilot   the program copilot was not found. Install it: npm install -g @github/copilot@1.0.102
      gemini    the program gemini was not found. Install it: npm install -g @google/gemini-cli@0.61.0
      opencode  the program opencode was not found. Install it: npm install -g opencode-ai@1.18.33
      qwen      the program qwen was not found. Install it: npm install -g @qwen-code/qwen-code@0.24.4
      aider     the program aider was not found. Install it: python3 -m pip install aider-chat==0.86.2
    "
  `);
  await cli.write("troupe.yaml", "checks: []\n");
  expect((await shown(cli, "agents")).split("\n").slice(0, 4)).toEqual([
    "exit 0",
    "--- stdout",
    "No agent is configured. Write into troupe.yaml, for example:",
    "  agents: { default: claude }",
  ]);
  const { stdout } = await cli.runWith({ environment: { PATH: join(cli.folder, "bin") } }, "agents", "--json");
  expect(JSON.parse(stdout)).toMatchObject({
    version: 1,
    ok: true,
    agents: [],
    known: [{ name: "claude" }, {}, {}, {}, {}, {}, {}],
  });
});
