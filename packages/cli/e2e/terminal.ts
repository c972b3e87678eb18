import { spawn, spawnSync } from "node:child_process";
import { onTestFinished } from "vitest";
import { BIN, type TestProject } from "./harness.js";

export interface Terminal {
  readonly finished: Promise<number | null>;
  type(keys: string): void;
  /** Everything that was ever written to it. */
  shown(): string;
}

/** The command line in a terminal of its own. */
export function openTerminal(project: TestProject, ...args: readonly string[]): Terminal {
  const line = [process.execPath, BIN, ...args].map((word) => `'${word}'`).join(" ");
  const env = { ...process.env, TERM: "xterm", SHELL: "/bin/sh", CI: "" };
  const child = spawn("script", ["-qec", line, "/dev/null"], { cwd: project.folder, env });
  onTestFinished(() => void child.kill("SIGKILL"));
  let shown = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    shown += text;
  });
  child.stdin.on("error", () => {}); // it has ended
  return {
    finished: new Promise((resolve) => void child.once("close", (code) => resolve(code))),
    type: (keys) => void child.stdin.write(keys),
    shown: () => shown,
  };
}

const version = spawnSync("script", ["--version"], { encoding: "utf8" });
/** `script` of util-linux is what gives a test a terminal; elsewhere it is missing, or takes other arguments. */
export const hasTerminal: boolean = version.status === 0 && version.stdout.includes("util-linux");
