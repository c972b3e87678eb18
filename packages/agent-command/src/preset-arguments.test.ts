import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { AgentRequest } from "@troupe/core";
import { describe, expect, test } from "vitest";
import { createTurn } from "../test/agent-turn.js";
import { fakeProgram } from "../test/fake-program.js";
import { CLAUDE, CODEX, COPILOT, GEMINI, OPENCODE, QWEN } from "../test/streams.js";

const EVENTS = {
  claude: CLAUDE,
  codex: CODEX,
  copilot: COPILOT,
  gemini: GEMINI,
  opencode: OPENCODE,
  qwen: QWEN,
  aider: [],
};
type Name = keyof typeof EVENTS;

/** Arguments of one turn; `OUTSIDE` stands for the artifacts folder, which is not in the working folder. */
async function argvOf(
  name: Name,
  changes: Partial<AgentRequest> = {},
  options: object = {},
): Promise<readonly string[]> {
  const turn = await createTurn();
  const fake = await fakeProgram(turn, name, EVENTS[name], name === "aider" ? "echo done" : undefined);
  await turn.run({ preset: name, env: fake.env, ...options }, changes);
  const outside = join(turn.host.projectFolder, "artifacts");
  return (await fake.argv()).map((argument) => argument.replace(outside, "OUTSIDE"));
}

const words = (text: string): readonly string[] => text.split(" ");

describe("arguments", () => {
  test.each<[Name, string]>([
    ["claude", "-p --output-format stream-json --verbose --permission-mode bypassPermissions"],
    ["codex", "exec --json --skip-git-repo-check --dangerously-bypass-approvals-and-sandbox -"],
    ["copilot", "--output-format json --allow-all --no-ask-user --no-auto-update"],
    ["gemini", "-o stream-json --yolo --skip-trust"],
    ["opencode", "run --format json --auto"],
    ["qwen", "-o stream-json --approval-mode yolo"],
  ])("of %s with full access", async (name, expected) => {
    expect(await argvOf(name)).toEqual(words(expected));
  });

  test.each<[Name, string]>([
    [
      "claude",
      "-p --output-format stream-json --verbose --permission-mode bypassPermissions --model m --resume S-1 --x",
    ],
    ["codex", "exec resume --json --skip-git-repo-check --dangerously-bypass-approvals-and-sandbox -m m --x S-1 -"],
    ["copilot", "--output-format json --allow-all --no-ask-user --no-auto-update --model m --resume=S-1 --x"],
    ["gemini", "-o stream-json --yolo --skip-trust --model m --resume S-1 --x"],
    ["opencode", "run --format json --auto --model m --session S-1 --x"],
    ["qwen", "-o stream-json --approval-mode yolo --model m --resume S-1 --x"],
  ])("of %s with a model, a session and more", async (name, expected) => {
    expect(await argvOf(name, { session: "S-1?in=1&out=2" }, { model: "m", args: ["--x"] })).toEqual(words(expected));
    expect(await argvOf(name, { model: "n" }, { model: "m" })).toContain("n");
  });

  test.each<[Name, string, string]>([
    [
      "claude",
      "-p --output-format stream-json --verbose --permission-mode dontAsk --disallowedTools Bash,Edit,Write,NotebookEdit",
      "-p --output-format stream-json --verbose --permission-mode acceptEdits --add-dir OUTSIDE",
    ],
    [
      "codex",
      'exec --json --skip-git-repo-check -c sandbox_mode="read-only" -',
      'exec --json --skip-git-repo-check -c sandbox_mode="workspace-write" -c sandbox_workspace_write.writable_roots=["OUTSIDE"] -',
    ],
    [
      "copilot",
      "--output-format json --deny-tool=write --deny-tool=shell --no-ask-user --no-auto-update",
      "--output-format json --allow-tool=write --deny-tool=shell --add-dir OUTSIDE --no-ask-user --no-auto-update",
    ],
    [
      "gemini",
      "-o stream-json --approval-mode plan --skip-trust",
      "-o stream-json --approval-mode auto_edit --skip-trust --include-directories OUTSIDE",
    ],
    [
      "qwen",
      "-o stream-json --approval-mode default --exclude-tools=run_shell_command,edit,write_file,notebook_edit",
      "-o stream-json --approval-mode auto-edit --exclude-tools=run_shell_command --include-directories=OUTSIDE",
    ],
  ])("of %s hold it to reading, or to edits", async (name, readOnly, edit) => {
    expect(await argvOf(name, { access: "readOnly" })).toEqual(words(readOnly));
    expect(await argvOf(name, { access: "edit" })).toEqual(words(edit));
  });

  test("name no other folder when the artifacts lie in the working folder", async () => {
    const turn = await createTurn();
    const fake = await fakeProgram(turn, "claude", CLAUDE);
    const changes = { access: "edit", artifactsFolder: join(turn.cwd, "out") } as const;
    await turn.run({ preset: "claude", env: fake.env }, changes);
    expect(await fake.argv()).not.toContain("--add-dir");
  });

  test("of aider name a file with the prompt", async () => {
    const turn = await createTurn();
    const fake = await fakeProgram(turn, "aider", [], 'cat "$2"');
    const result = await turn.run({ preset: "aider", env: fake.env, model: "m" }, { prompt: "/drop all" });
    expect(result).toEqual({ output: "The task:\n\n/drop all", session: null, usage: null });
    const file = join(turn.host.stateFolder, "prompts", "run-1.PLAN.1.md");
    expect(await fake.argv()).toEqual(["--message-file", file, "--yes-always", "--no-auto-commits", "--model", "m"]);
    expect(await fake.stdin()).toBe("");
  });

  test("give a schema as text to claude and as a file to codex, and to nobody else", async () => {
    const resultSchema = { type: "object" };
    expect(await argvOf("claude", { resultSchema })).toContain('{"type":"object"}');
    expect(await argvOf("gemini", { resultSchema })).toEqual(await argvOf("gemini"));
    const turn = await createTurn();
    const fake = await fakeProgram(turn, "codex", CODEX, 'cp "$6" "$HERE/schema"; cat "$HERE/stream.jsonl"');
    await turn.run({ preset: "codex", env: fake.env }, { resultSchema });
    expect((await fake.argv())[4]).toBe("--output-schema");
    expect(readFileSync(join(turn.host.projectFolder, "bin", "schema"), "utf8")).toBe('{"type":"object"}');
  });
});

test.each([
  ["@file", "The task:\n\n@file"],
  ["  /clear", "The task:\n\n  /clear"],
  ["--help", "The task:\n\n--help"],
  ["# Plan\n@file", "# Plan\n@file"],
])("the prompt %j reaches the program on standard input as a text, not as a command", async (prompt, expected) => {
  const turn = await createTurn();
  const fake = await fakeProgram(turn, "opencode", OPENCODE);
  await turn.run({ preset: "opencode", env: fake.env }, { prompt });
  expect(await fake.stdin()).toBe(expected);
});

test.each<[string, Partial<AgentRequest>, string]>([
  ["claude", { access: "ask" }, 'access "ask" of agent "writer" cannot be kept by preset claude'],
  ["opencode", { access: "readOnly" }, 'access "readOnly" of agent "writer" cannot be kept by preset opencode'],
  ["aider", { access: "edit" }, 'access "edit" of agent "writer" cannot be kept by preset aider'],
  ["codex", { model: "--yolo" }, 'the model "--yolo" of agent "writer" looks like an option'],
])("%s refuses %j", async (preset, changes, message) => {
  const turn = await createTurn();
  const details = { retry: "never" };
  expect(await turn.fail({ preset }, changes)).toMatchObject({ code: "AGENT_NOT_CONFIGURED", message, details });
});
