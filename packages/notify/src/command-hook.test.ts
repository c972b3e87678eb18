import { expect, test } from "vitest";
import { createTestHost } from "../test/fake-run.js";
import { type HookCommand, runHookCommand } from "./command-hook.js";

const HOOK: Omit<HookCommand, "command"> = {
  input: null,
  env: {},
  timeoutMs: 60_000,
  signal: new AbortController().signal,
  hint: null,
};

async function run(shell: string, changes: Partial<HookCommand> = {}, environment: Record<string, string> = {}) {
  const host = await createTestHost(environment);
  return runHookCommand({ ...HOOK, command: { shell }, ...changes }, host);
}

test("a command that fails says how, with the end of what it printed", async () => {
  const failed = { status: "failed", hint: null, retry: { afterMs: 0 } };
  expect(await run("echo no network >&2; exit 3")).toEqual({
    ...failed,
    reason: expect.stringMatching(/ ended with exit code 3: no network$/),
  });
  expect(await run("exit 1", { hint: "Do that." })).toEqual({
    ...failed,
    hint: "Do that.",
    reason: expect.stringMatching(/ ended with exit code 1$/),
  });
  expect(await run("kill -9 $$")).toEqual({ ...failed, reason: expect.stringContaining(" was ended by SIGKILL") });
});

test("a command that hangs is ended, and one that nobody waits for any more too", async () => {
  expect(await run("sleep 60", { timeoutMs: 50 })).toMatchObject({
    reason: expect.stringContaining("did not end within 0.05 s"),
    hint: "See what it waits for, or give it longer: timeout of the hook in troupe.yaml.",
  });
  const signal = AbortSignal.timeout(50);
  expect(await run("sleep 60", { signal })).toMatchObject({ reason: "there was no time left" });
});

test("a command finds nothing in its environment of the turn that troupe itself runs in", async () => {
  const environment = { TROUPE_TURN: "A.1", TROUPE_INPUT_KEY: "x", OTHER: "y" };
  const command = 'test -z "$TROUPE_INPUT_KEY" && test "$TROUPE_TURN" != A.1 && test "$OTHER$MORE" = yz';
  expect(await run(command, { env: { MORE: "z" } }, environment)).toEqual({
    status: "sent",
    how: expect.stringContaining(" ended with exit code 0"),
  });
});
