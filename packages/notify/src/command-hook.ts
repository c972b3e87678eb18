import type { CommandLine, PluginHost } from "@troupe/core";
import { isTroupeError, sanitizeLine } from "@troupe/core";
import { createOutputCap, describeCommand, runProcess } from "@troupe/process";
import { type Delivery, failed, refused, sent } from "./delivery.js";
import type { Notification } from "./notification.js";

/** A program to start. */
export interface HookCommand {
  readonly command: CommandLine;
  /** Given on standard input; null = nothing. */
  readonly input: string | null;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** What to do when it fails; null = look at the command. */
  readonly hint: string | null;
}

type CommandHost = Pick<PluginHost, "clock" | "randomHex" | "environment" | "projectFolder">;

/** In bytes, of what it prints: the reason why it failed is at the end. */
const KEPT_OUTPUT = 4096;
const SHOWN_OUTPUT = 200;
const TERM_MS = 1000;
const LONGER = "See what it waits for, or give it longer: timeout of the hook in troupe.yaml.";

/** Starts it and waits for its end; never rejects. It is ended when its time is over, with all that it has started. */
export async function runHookCommand(hook: HookCommand, host: CommandHost): Promise<Delivery> {
  const { command, input, env, timeoutMs, signal } = hook;
  const shown = describeCommand(command);
  const output = createOutputCap({ maxBytes: KEPT_OUTPUT });
  try {
    const {
      ended,
      exitCode,
      signal: killedBy,
    } = await runProcess({
      command,
      cwd: host.projectFolder,
      env: { ...inherited(host), ...env },
      input,
      marker: `notify/0/${host.randomHex(8)}`,
      timeoutMs,
      idleTimeoutMs: null,
      ladder: { termMs: TERM_MS },
      onOutput: (chunk) => output.write(chunk),
      signal,
      kill: signal, // whoever ends a run has no time for grace periods
      clock: host.clock,
    });
    if (ended === "exited" && exitCode === 0) return sent(`${shown} ended with exit code 0`);
    if (ended === "aborted") return failed("there was no time left");
    if (ended !== "exited") return failed(`${shown} did not end within ${timeoutMs / 1000} s`, hook.hint ?? LONGER);
    const said = sanitizeLine(output.text()).slice(-SHOWN_OUTPUT);
    const end = exitCode === null ? `was ended by ${killedBy ?? "a signal"}` : `ended with exit code ${exitCode}`;
    return failed(`${shown} ${end}${said === "" ? "" : `: ${said}`}`, hook.hint);
  } catch (error) {
    const reason = error instanceof Error ? sanitizeLine(error.message) : String(error);
    const hint = hook.hint ?? (isTroupeError(error) ? error.hint : null);
    const isPassing = isTroupeError(error) && Object(error.details).reason === "exhausted";
    return isPassing ? failed(reason, hint) : refused(reason, hint ?? `Try it by hand: ${shown}`);
  }
}

/** A command of the project's author gets all of our environment, but what belongs to a turn that we run in ourselves. */
function inherited({ environment }: CommandHost): Readonly<Record<string, string>> {
  const entries = Object.entries(environment).flatMap(([name, value]) =>
    value === undefined || name === "TROUPE_TURN" || name.startsWith("TROUPE_INPUT_") ? [] : [[name, value] as const],
  );
  return Object.fromEntries(entries);
}

/** What a command of a hook finds in its environment. */
export function notificationFacts({
  key,
  event,
  run,
  title,
  text,
  next,
}: Notification): Readonly<Record<string, string>> {
  return {
    TROUPE_RUN_ID: run,
    TROUPE_EVENT: event,
    TROUPE_NOTIFICATION: key,
    TROUPE_TITLE: title,
    TROUPE_TEXT: text,
    TROUPE_NEXT: next ?? "",
  };
}
