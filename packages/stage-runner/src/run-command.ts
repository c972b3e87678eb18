import type { CommandLine } from "@troupe/core";
import { createOutputCap, type OutputCap, type ProcessOutcome, runProcess } from "@troupe/process";
import { commandEnvironment, turnFacts } from "./environment.js";
import { maskerOf } from "./mask-secrets.js";
import type { TurnScope } from "./turn-scope.js";

export interface Command {
  readonly command: CommandLine;
  /** null = unbounded. */
  readonly timeoutMs: number | null;
  readonly idleTimeoutMs?: number | null;
  /** Of the output kept in memory: its beginning and its end. */
  readonly maxBytes: number;
  /** The same for standard output alone; default {@link maxBytes}. */
  readonly maxStdoutBytes?: number;
}

export interface CommandOutcome {
  readonly outcome: ProcessOutcome;
  readonly stdout: OutputCap;
  /** Both streams as they came, but for the values of secrets. */
  readonly all: OutputCap;
}

/** Runs a command of the workflow in the working folder; its output goes to the log as it comes. Rejects as `runProcess`. */
export function runCommand(scope: TurnScope, command: Command): Promise<CommandOutcome> {
  return run(scope, command, (chunk, source) => scope.output.write(chunk, source));
}

/** Runs a program of our own choice in the same way, without showing its output. */
export function runTool(scope: TurnScope, command: Command): Promise<CommandOutcome> {
  return run(scope, command, () => {});
}

async function run(
  scope: TurnScope,
  { command, timeoutMs, idleTimeoutMs = null, maxBytes, maxStdoutBytes = maxBytes }: Command,
  onOutput: (chunk: Uint8Array, source: "stdout" | "stderr") => void,
): Promise<CommandOutcome> {
  const { task, host, context, folders, marker } = scope;
  const stdout = createOutputCap({ maxBytes: maxStdoutBytes });
  const all = createOutputCap({ maxBytes });
  // before anything of it is cut off: half a secret would not be found any more
  const masks = { stdout: maskerOf(host).createStream(), stderr: maskerOf(host).createStream() };
  const give = (bytes: Uint8Array, source: "stdout" | "stderr"): void => {
    if (bytes.length === 0) return;
    onOutput(bytes, source);
    all.write(bytes);
    if (source === "stdout") stdout.write(bytes);
  };
  const outcome = await runProcess({
    command,
    cwd: task.workspace.path,
    env: commandEnvironment(host, turnFacts(task, { marker, artifacts: folders.latest })),
    input: null,
    marker,
    timeoutMs,
    idleTimeoutMs,
    onOutput: (chunk, source) => give(masks[source].push(chunk), source),
    onStarted: scope.noteProcess,
    signal: context.signal,
    kill: context.kill,
    clock: host.clock,
  });
  give(masks.stdout.end(), "stdout");
  give(masks.stderr.end(), "stderr");
  return { outcome, stdout, all };
}

/** How a process ended, in words. */
export function describeEnd(outcome: ProcessOutcome): string {
  if (outcome.ended === "timeout") return "took longer than its timeout";
  if (outcome.ended === "idle-timeout") return "was silent for longer than its idle timeout";
  return outcome.exitCode === null ? `was ended by ${outcome.signal}` : `ended with exit code ${outcome.exitCode}`;
}
