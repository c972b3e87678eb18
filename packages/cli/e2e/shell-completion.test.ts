// Completion in real shells: each is started in a terminal, a line is typed into it, and Tab is pressed.
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { BIN, createProject, OBJECTIVE, stepWorkflow } from "./harness.js";
import { noTmux } from "./tmux.js";

const IN_TIME = { timeout: 60_000, interval: 50 };
const READY = "shell is ready";

/** How each is started without a person's own settings, and taught. */
const SHELLS = {
  bash: { start: ["bash", "--norc", "--noprofile"], teach: "PS1='$ '; source <(troupe completion bash)" },
  zsh: {
    start: ["zsh", "-f"],
    teach: "PS1='$ '; autoload -U compinit; compinit -u -D; source <(troupe completion zsh)",
  },
  fish: {
    start: ["fish", "--no-config"],
    teach: "function fish_prompt; echo '$ '; end; troupe completion fish | source",
  },
} as const;

const missing = (shell: string): boolean => spawnSync(shell, ["-c", "exit 0"]).status !== 0;

interface Line {
  readonly typed: string;
  readonly becomes: string;
}

const LINES: readonly Line[] = [
  { typed: "troupe valid", becomes: "troupe validate" },
  { typed: "troupe graph --format=merm", becomes: "troupe graph --format=mermaid" },
  { typed: 'troupe --cwd "the project" why FIR', becomes: 'troupe --cwd "the project" why FIRST' },
  { typed: "troupe --cwd the\\ project why 'SEC", becomes: "troupe --cwd the\\ project why 'SECOND'" },
  { typed: "troupe validate obj", becomes: "troupe validate objective.md" },
  { typed: "troupe run --record=obj", becomes: "troupe run --record=objective.md" },
  { typed: "troupe config limits.dur", becomes: "troupe config limits.duration" },
];

for (const shell of ["bash", "zsh", "fish"] as const) {
  const problem = noTmux ?? (missing(shell) ? `${shell} is not installed` : null);
  test.skipIf(problem !== null)(
    `${shell} completes words with quotes, values behind = and files${problem === null ? "" : ` (left out: ${problem})`}`,
    async () => {
      const terminal = await openShell(shell);
      for (const { typed, becomes } of LINES) {
        terminal.type(typed);
        terminal.press("Tab");
        await expect.poll(terminal.lastLine, IN_TIME).toBe(`$ ${becomes}`);
        terminal.press("C-u");
        await expect.poll(terminal.lastLine, IN_TIME).toBe("$");
      }
    },
  );
}

interface ShellTerminal {
  type(text: string): void;
  press(key: string): void;
  lastLine(): string;
}

async function openShell(shell: keyof typeof SHELLS): Promise<ShellTerminal> {
  const project = await createProject({ "objective.md": OBJECTIVE });
  const bin = join(project.folder, "bin");
  const inner = join(project.folder, "the project");
  for (const folder of [bin, inner]) await mkdir(folder);
  await writeFile(join(inner, "stages.yaml"), stepWorkflow(["FIRST", "SECOND"]));
  await writeFile(join(bin, "troupe"), `#!/bin/sh\nexec '${process.execPath}' '${BIN}' "$@"\n`);
  await chmod(join(bin, "troupe"), 0o755);
  const socket = `troupe-${randomBytes(6).toString("hex")}`;
  const tmux = (...args: readonly string[]): string => {
    const { status, stdout, stderr } = spawnSync("tmux", ["-L", socket, "-f", "/dev/null", ...args], {
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`tmux ${args.join(" ")}: ${stderr}`);
    return stdout;
  };
  const path = `PATH=${bin}${delimiter}${process.env.PATH}`;
  const world = ["env", "-u", "CI", "LANG=C.UTF-8", `HOME=${project.folder}`, path];
  tmux("-u", "new-session", "-d", "-x", "120", "-y", "30", "-c", project.folder, ...world, ...SHELLS[shell].start);
  onTestFinished(() => void spawnSync("tmux", ["-L", socket, "kill-server"]));
  const type = (text: string): void => void tmux("send-keys", "-l", text);
  const press = (key: string): void => void tmux("send-keys", key);
  const lastLine = (): string => tmux("capture-pane", "-p").trimEnd().split("\n").at(-1)?.trimEnd() ?? "";
  type(`${SHELLS[shell].teach}; clear; echo ${READY}`);
  press("Enter");
  await expect.poll(() => tmux("capture-pane", "-p").trimEnd(), IN_TIME).toMatch(new RegExp(`^${READY}\\s+\\$$`));
  return { type, press, lastLine };
}
