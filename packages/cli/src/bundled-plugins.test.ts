import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createCli, OBJECTIVE, type TestCli, TWO_STAGES } from "../test/cli-harness.js";

const RESULT = JSON.stringify({
  type: "result",
  subtype: "success",
  is_error: false,
  session_id: "s-1",
  result: "Done.",
});
const CLAUDE = `#!/bin/sh
if [ "$1" = --version ]; then echo "2.1.330 (Claude Code)"; exit; fi
if [ "$1" = auth ]; then echo '{ "loggedIn": true }'; exit; fi
cat > /dev/null; echo "$@" >> calls.log; echo '${RESULT}'
`;

async function createProject(troupeYaml: string | null): Promise<TestCli> {
  const files = { "objective.md": OBJECTIVE, "stages.yaml": TWO_STAGES, "bin/claude": CLAUDE };
  const cli = await createCli(troupeYaml === null ? files : { ...files, "troupe.yaml": troupeYaml });
  await chmod(join(cli.folder, "bin", "claude"), 0o755);
  return cli;
}

async function run(cli: TestCli, ...args: readonly string[]): Promise<string> {
  const environment = { PATH: `${join(cli.folder, "bin")}:${process.env.PATH}` };
  return await cli.shownWith({ environment }, "run", "objective.md", "-q", ...args);
}

const full = "-p --output-format stream-json --verbose --permission-mode bypassPermissions";

test("the name of a known program is an agent, in a flag and in the project file, with options or without", async () => {
  const flagged = await createProject(null);
  expect(await run(flagged, "--agent", "all=claude")).toContain("exit 0");
  expect(flagged.read("calls.log")).toBe(`${full}\n${full}\n`);
  const written = await createProject('agents: { worker: [claude, { model: opus, args: ["--x"] }] }\n');
  expect(await run(written)).toContain("exit 0");
  expect(written.read("calls.log")).toBe(`${full} --model opus --x\n`.repeat(2));
});

test("options of a short name go before those that it stands for, and mistakes in them are told", async () => {
  const cli = await createProject("agents: { worker: [claude, { modle: opus }] }\n");
  expect(await run(cli)).toContain('options of agent "claude": modle: is not known; known: preset, command, args');
  await cli.write("troupe.yaml", "agents: { worker: [claude, 5] }\n");
  expect(await run(cli)).toContain('options of agent "claude": must be a map with a preset or a command');
});

test("what a turn would be refused for is refused before the run exists", async () => {
  const cli = await createProject('agents: { worker: { plugin: ["command", { command: [sh] }], model: opus } }\n');
  expect(await run(cli)).toBe(`exit 6
--- stderr
error: worker: the agent has a model, but its command does not take it [AGENT_NOT_CONFIGURED]
hint: Put {model} where the program expects it, for example: --model {model}
`);
  expect(cli.runs()).toEqual([]);
});

test("shell is any program, as command is", async () => {
  const cli = await createProject(
    'agents: { worker: [shell, { command: [sh, -c, "cat > prompt.txt; echo Done."] }] }\n',
  );
  expect(await run(cli)).toContain("exit 0");
  expect(cli.read("prompt.txt")).toContain("Stage: ");
  await cli.write("troupe.yaml", "agents: { worker: [shell, { command: my-agent -p }] }\n");
  expect(await run(cli)).toContain(
    'options of agent "shell": command: must be a list: the program, then its arguments; for a line of the shell: ["sh", "-c", "my-agent -p"]',
  );
});
