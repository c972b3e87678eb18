import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { onTestFinished } from "vitest";
import { BIN, type TestProject } from "./harness.js";

/** Why tests in a real terminal are left out; null = they run. */
export const noTmux: string | null =
  spawnSync("tmux", ["-V"]).status === 0 ? null : "tmux is not installed: apt-get install tmux";

/** A shell in a terminal that is a real one to all that runs in it. `troupe` is the built command line. */
export interface Terminal {
  type(line: string): void;
  /** A key by tmux's name, as `C-c`. */
  press(key: string): void;
  /** SIGTERM for what runs in the foreground, and not for the shell. */
  terminate(): void;
  resize(columns: number, rows: number): void;
  /** Scrollback and screen, without empty lines at the end; a line that the terminal broke is whole. */
  all(): string;
  /** What is on the screen. */
  screen(): string;
  isCursorVisible(): boolean;
}

export function openTmux(project: TestProject, size: { readonly columns: number; readonly rows: number }): Terminal {
  const socket = `troupe-${randomBytes(6).toString("hex")}`;
  const tmux = (...args: readonly string[]): string => {
    const { status, stdout, stderr } = spawnSync("tmux", ["-L", socket, "-f", "/dev/null", ...args], {
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`tmux ${args.join(" ")}: ${stderr}`);
    return stdout;
  };
  const troupe = `troupe() { '${process.execPath}' '${BIN}' "$@"; }`;
  const shell = ["env", "-u", "CI", "-u", "GITHUB_ACTIONS", "-u", "NO_COLOR", "LANG=C.UTF-8", "PS1=$ ", "ENV=", "sh"];
  const { columns, rows } = size;
  tmux(
    "-u",
    ...["new-session", "-d", "-c", project.folder, "-x", String(columns), "-y", String(rows)],
    ...["-e", "LANG=C.UTF-8", ...shell],
  );
  onTestFinished(() => void spawnSync("tmux", ["-L", socket, "kill-server"]));
  const type = (line: string): void => {
    tmux("send-keys", "-l", line);
    tmux("send-keys", "Enter");
  };
  type(troupe);
  return {
    type,
    press: (key) => void tmux("send-keys", key),
    terminate: () => {
      const shellPid = tmux("display-message", "-p", "#{pane_pid}").trim();
      for (const child of spawnSync("pgrep", ["-P", shellPid], { encoding: "utf8" }).stdout.split("\n")) {
        if (child !== "") process.kill(Number(child), "SIGTERM");
      }
    },
    resize: (x, y) => void tmux("resize-window", "-x", String(x), "-y", String(y)),
    all: () => tmux("capture-pane", "-p", "-J", "-S", "-").trimEnd(),
    screen: () => tmux("capture-pane", "-p"),
    isCursorVisible: () => tmux("display-message", "-p", "#{cursor_flag}").trim() === "1",
  };
}
