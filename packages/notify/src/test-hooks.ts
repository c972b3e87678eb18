import { basename } from "node:path";
import type { HookDefinition, PluginHost } from "@troupe/core";
import { describeHook, toHooks } from "./hook.js";
import type { Notification } from "./notification.js";
import { send } from "./send.js";

/** What became of a test notification. */
export type HookTest = {
  /** The hook as a person would call it; nothing of a secret is in it. */
  readonly hook: string;
  readonly durationMs: number;
} & (
  | {
      readonly status: "sent";
      /** What says so: an exit code, an answer. */
      readonly how: string;
    }
  | {
      readonly status: "failed";
      readonly reason: string;
      /** What to do; null = nothing but to wait. */
      readonly hint: string | null;
    }
);

/** Who is to be told, and by what. */
export interface HookTestRequest {
  readonly hooks: readonly HookDefinition[];
  readonly host: Pick<PluginHost, "clock" | "randomHex" | "environment" | "projectFolder" | "streams">;
  /** Of an environment variable or a secret by file; undefined = there is none. */
  readonly lookUp: (name: string) => string | undefined;
  /** Abort = end it at once. */
  readonly signal: AbortSignal;
}

/**
 * Sends a test notification by each hook, whatever its events are, all at the same time; each has one attempt, within its
 * own time limit, and nothing is kept for later. Never rejects; in the order of `hooks`.
 */
export async function testHooks({ hooks, host, lookUp, signal }: HookTestRequest): Promise<readonly HookTest[]> {
  const { platform } = process;
  const key = `test/${host.randomHex(8)}`;
  return await Promise.all(
    hooks.map(async (definition): Promise<HookTest> => {
      const began = host.clock.monotonic();
      const [hook] = toHooks([definition]);
      const name = describeHook(definition);
      if (hook === undefined || (hook.kind === "bell" && !host.streams.stderr.isTerminal)) {
        const hint = "Try it in one.";
        return { hook: name, durationMs: 0, status: "failed", reason: "there is no terminal that could ring", hint };
      }
      const result = await send(hook, testOf(`${key}/${hook.id}`, host), { host, lookUp, platform }, signal);
      const durationMs = Math.round(host.clock.monotonic() - began);
      if (result.status === "sent") return { hook: name, durationMs, ...result };
      const { reason, hint, retry } = result;
      const isAskedToWait = retry !== "never" && retry.afterMs > 0;
      const wait = isAskedToWait ? `It asks to be left alone for ${Math.ceil(retry.afterMs / 1000)} s.` : null;
      return { hook: name, durationMs, status: "failed", reason, hint: hint ?? wait };
    }),
  );
}

function testOf(key: string, { clock, projectFolder }: HookTestRequest["host"]): Notification {
  const project = basename(projectFolder);
  return {
    version: 1,
    key,
    event: "test",
    events: ["test"],
    run: "",
    project,
    objective: "",
    workflow: "",
    at: clock.now(),
    title: "Test: troupe can reach you",
    text: `A test of notify in the project ${project}. Nothing has happened.`,
    next: null,
  };
}
