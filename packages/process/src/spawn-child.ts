import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { markStart } from "./limit-mark.js";
import { rememberChild } from "./own-children.js";
import { readProcess, TURN_VARIABLE } from "./process-table.js";
import { explainStartFailure, type StartAttempt } from "./start-failure.js";

/** How a process ended. */
export interface ExitStatus {
  /** null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process that has been started, in a group and a session of its own. */
export interface StartedChild {
  readonly child: ChildProcess;
  readonly pid: number;
  /** In clock ticks since boot; null = unknown: there is no `/proc`. */
  readonly startTime: number | null;
  /** Settles when the process itself has ended, whoever still holds its pipes. Never rejects. */
  readonly exit: Promise<ExitStatus>;
}

export interface SpawnRequest extends StartAttempt {
  readonly marker: string;
  readonly hasInput: boolean;
  /** Called in the same moment as the spawn; must not throw. */
  readonly onStarted: (pid: number, startTime: number | null) => void;
}

/** Rejects `PROCESS_NOT_STARTED`. */
export async function spawnChild(request: SpawnRequest): Promise<StartedChild> {
  let child: ChildProcess;
  try {
    child = start(request, await markStart(argumentsOf(request), request));
  } catch (error) {
    throw await explainStartFailure(request, error);
  }
  if (child.pid === undefined) {
    const [error] = await once(child, "error");
    throw await explainStartFailure(request, error);
  }
  child.on("error", () => {}); // a signal that could not be sent: whether it worked is looked up, not believed
  const forget = rememberChild(child.pid);
  const exit = new Promise<ExitStatus>((resolve) => {
    child.once("exit", (exitCode, signal) => {
      forget();
      resolve({ exitCode, signal });
    });
  });
  const startTime = readProcess(child.pid)?.startTime ?? null; // once for all who ask: it waits while the program is loaded
  request.onStarted(child.pid, startTime);
  return { child, pid: child.pid, startTime, exit };
}

function start({ command, cwd, env, marker, hasInput }: SpawnRequest, argv: readonly string[]): ChildProcess {
  const options: SpawnOptions = {
    cwd,
    env: { ...env, [TURN_VARIABLE]: marker },
    detached: process.platform !== "win32",
    windowsHide: true,
    stdio: [hasInput ? "pipe" : "ignore", "pipe", "pipe"],
  };
  if ("shell" in command && process.platform === "win32") return spawn(command.shell, { ...options, shell: true });
  const [program = "", ...args] = argv;
  return spawn(program, args, options);
}

function argumentsOf({ command }: SpawnRequest): readonly string[] {
  return "shell" in command ? ["/bin/sh", "-c", command.shell] : command.argv;
}

/** True once the process has been collected: from then on its number may be given to another. */
export function hasExited({ child }: StartedChild): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Feeds standard input and closes it; a program that does not read it, or has ended, is no error: `onUnread` is told. */
export function writeInput(child: ChildProcess, input: string | null, onUnread: () => void): void {
  child.stdin?.on("error", onUnread); // EPIPE
  child.stdin?.end(input ?? "");
}
