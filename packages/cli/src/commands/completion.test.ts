import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { createCli, HALF, type TestCli, TWO_STAGE_FILES } from "../../test/cli-harness.js";

async function complete(cli: TestCli, ...words: readonly string[]): Promise<readonly string[]> {
  const { code, stdout, stderr } = await cli.run("complete", "--", ...words);
  expect([code, stderr]).toEqual([0, ""]);
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => line.split("\t")[0] ?? "");
}

test("commands, options and choices come from the program itself", async () => {
  const cli = await createCli(TWO_STAGE_FILES);
  expect(await complete(cli, "re")).toEqual([":words", "resume", "repair", ...(await reportIfThere(cli))]);
  expect(await complete(cli, "graph", "--format", "")).toEqual([":words", "ascii", "mermaid", "dot", "json"]);
  expect(await complete(cli, "graph", "--format=m")).toEqual([":words", "--format=mermaid"]);
  expect(await complete(cli, "clean", "--o")).toEqual([":words", "--older-than"]);
  expect(await complete(cli, "clean", "--ver")).toEqual([":words", "--version", "--verbose"]);
  expect(await complete(cli, "completion", "z")).toEqual([":words", "zsh"]);
  expect(await complete(cli, "run", "")).toEqual([":files"]);
  expect(await complete(cli, "run", "--record=ta")).toEqual([":files"]);
  expect(await complete(cli, "--cwd", "/", "sta")).toEqual([":words", "status"]);
  expect(await complete(cli, "nonsense", "x")).toEqual([":words"]);
});

async function reportIfThere(cli: TestCli): Promise<readonly string[]> {
  const help = (await cli.run("--help")).stdout;
  return ["reject", "report"].filter((name) => new RegExp(`^ {2}${name} `, "m").test(help));
}

test("runs, stages, turns, artifacts, agents and inputs come from the project", async () => {
  const cli = await createCli(HALF);
  expect(await complete(cli, "run", "--until", "")).toEqual([":words", "FIRST", "SECOND"]);
  expect(await complete(cli, "run", "--agent", "")).toEqual([":words", "all=", "worker="]);
  await cli.run("run", "objective.md");
  expect(await complete(cli, "status", "")).toEqual([":words", "RUN"]);
  expect(await complete(cli, "show", cli.runId(), "S")).toEqual([":words", "SECOND"]);
  expect(await complete(cli, "artifacts", cli.runId(), "x", "--turn", "F")).toEqual([":words", "FIRST.1"]);
  const { stdout } = await cli.run("complete", "--", "resume", "");
  expect(stdout).toBe(":words\nRUN\tfailed: Try it\n");
  await cli.write("troupe.yaml", "notify: [bell, { command: ./tell.sh, events: [failed] }]\n");
  const hooks = await cli.run("complete", "--", "notify", "--test", "");
  expect(hooks.stdout).toMatch(/^:words\n1\tbell: failed, .*\n2\tcommand: failed\n$/);
  await cli.write("troupe.yaml", "][");
  expect(await complete(cli, "why", "")).toEqual([":words", "FIRST", "SECOND"]);
});

test("nothing of the project is executed for a completion, its store neither", async () => {
  const evil = 'import { writeFileSync } from "node:fs";\nwriteFileSync(new URL("executed", import.meta.url), "");\n';
  const cli = await createCli({ ...HALF, "evil.mjs": evil });
  await cli.run("run", "objective.md");
  const config = HALF["troupe.yaml"] ?? "";
  await cli.write("troupe.yaml", `${config}store: ./evil.mjs\n`);
  for (const words of [["status"], ["why"], ["show", "RUN"], ["artifacts", "RUN"], ["logs", "--turn"]]) {
    expect({ words, offered: await complete(cli, ...words, "") }).toEqual({ words, offered: [":words"] });
  }
  await cli.write("troupe.yaml", config);
  const store = "node_modules/@troupe/store-fs";
  await cli.write(`${store}/package.json`, '{ "name": "@troupe/store-fs", "type": "module", "exports": "./evil.js" }');
  await cli.write(`${store}/evil.js`, evil);
  expect(await complete(cli, "status", "")).toEqual([":words", "RUN"]);
  expect([existsSync(join(cli.folder, "executed")), existsSync(join(cli.folder, store, "executed"))]).toEqual([
    false,
    false,
  ]);
  await cli.run("status"); // a command that was typed: it takes the project's own
  expect(existsSync(join(cli.folder, store, "executed"))).toBe(true);
});

test("what config shows is completed, and the questions of a run's agents", async () => {
  const cli = await createCli({ ...HALF, "troupe.yaml": `${HALF["troupe.yaml"]}limits: { cost: 5 }\n` });
  expect(await complete(cli, "config", "limits")).toEqual([
    ":words",
    ...["limits", "limits.duration", "limits.cost", "limits.tokens", "limits.wait", "limits.concurrency"],
  ]);
  expect((await cli.run("complete", "--", "config", "limits.c")).stdout).toContain("limits.cost\t5\n");
  await cli.run("run", "objective.md");
  const asked = { id: "FIRST.1", turn: "FIRST.1", question: "May I?\nReally?", askedAt: 1, until: 2 };
  await cli.write(`.troupe/runs/${cli.runId()}/questions/FIRST.1.json`, JSON.stringify(asked));
  const { stdout } = await cli.run("complete", "--", "answer", cli.runId(), "");
  expect(stdout).toBe(":words\nFIRST.1\tMay I? Really?\n");
  expect(await complete(cli, "answer", "")).toEqual([":words", "RUN"]);
});

/** A folder with a `troupe` that gives the recorded answers of the real one, for a shell to ask. */
async function fakeTroupe(answers: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "troupe-completion-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const cases = Object.entries(answers).map(([words, answer]) => `  '${words}') printf '%s' '${answer}' ;;`);
  const script = `#!/bin/sh\nprintf '%s\\n' "$*" >> "${join(folder, "asked")}"\ncase "$*" in\n${cases.join("\n")}\nesac\n`;
  await writeFile(join(folder, "troupe"), script);
  await chmod(join(folder, "troupe"), 0o755);
  return folder;
}

async function inShell(shell: string, args: readonly string[], folder: string): Promise<string | null> {
  const env = {
    ...process.env,
    PATH: `${folder}${delimiter}${process.env.PATH}`,
    HOME: folder,
    XDG_CONFIG_HOME: folder,
  };
  try {
    return (await promisify(execFile)(shell, [...args], { env, cwd: folder, timeout: 20_000 })).stdout;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

const ANSWERS = {
  "complete -- status ": ":words\nrun-a\tsucceeded: One\nrun-b\tfailed: Two\n",
  "complete -- graph --format=m": ":words\n--format=mermaid\t\n",
  "complete -- run o": ":files\n",
} as const;

const SHOWN = {
  bash: "run-a run-b|mermaid|objective.md\n",
  zsh: "run-a:succeeded: One|run-b:failed: Two|--format=mermaid|_files\n",
  fish: "run-a\tsucceeded: One\nrun-b\tfailed: Two\n--format=mermaid\nobjective.md\n",
} as const;

const BASH_DRIVER = `
source script
ask() {
  COMP_LINE=$1 COMP_POINT=\${#1}
  shift
  COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
  compopt() { [[ $2 == default ]] && COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}")); }
  _troupe troupe "\${!#}"
}
ask "troupe status " troupe status ""; a="\${COMPREPLY[*]}"
ask "troupe graph --format=m" troupe graph --format = m; b="\${COMPREPLY[*]}"
ask "troupe run o" troupe run o; c="\${COMPREPLY[*]}"
echo "$a|$b|$c"
`;

const ZSH_DRIVER = `
source ./script
out=()
_describe() { out+=("\${(@P)3}"); }
_files() { out+=(_files); }
ask() { words=("$@"); CURRENT=$#; PREFIX=$words[CURRENT]; _troupe; }
ask troupe status ""
ask troupe graph --format=m
ask troupe run o
print -r -- "\${(j:|:)out}"
`;

const FISH_DRIVER = `
source script
complete -C "troupe status "
complete -C "troupe graph --format=m"
complete -C "troupe run o"
`;

const DRIVERS = {
  bash: ["--norc", "-c", BASH_DRIVER],
  zsh: ["-f", "-c", ZSH_DRIVER],
  fish: ["--no-config", "-c", FISH_DRIVER],
} as const;

for (const shell of ["bash", "zsh", "fish"] as const) {
  test(`${shell} asks and offers what it is told`, async ({ skip }) => {
    const cli = await createCli();
    const folder = await fakeTroupe(ANSWERS);
    await writeFile(join(folder, "script"), (await cli.run("completion", shell)).stdout);
    await writeFile(join(folder, "objective.md"), "");
    const shown = await inShell(shell, DRIVERS[shell], folder);
    if (shown === null) return skip(`${shell} is not installed`);
    expect(shown).toBe(SHOWN[shell]);
  });
}

test("the agent of init is one that init knows, not a file that a run has left", async () => {
  const cli = await createCli(HALF);
  expect(await complete(cli, "init", "--agent", "c")).toEqual([":words", "claude", "codex", "copilot"]);
});
