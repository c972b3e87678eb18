import { setImmediate } from "node:timers/promises";
import { type Clock, systemClock } from "@troupe/core";
import { describe, expect, test } from "vitest";
import { type Changes, createAcpTurn } from "../test/acp-turn.js";
import { judgePermission } from "./permissions.js";

const options = { modes: { readOnly: [], ask: [], edit: [] } };

async function decide(call: object, access: string, changes: Changes = {}): Promise<unknown> {
  const turn = await createAcpTurn();
  const steps = [{ ask: { toolCallId: "t", ...call } }, { say: "done" }];
  const request = { access, ...changes.request } as object;
  await turn.run({ prompts: [{ steps }] }, { ...changes, options, request });
  return turn.asked().find(({ permission }) => permission !== undefined)?.permission;
}

/** The real one, until it jumps; then whoever waits looks at it anew. */
function createJumpingClock(): Clock & { jump(ms: number): void } {
  let [passedMs, jumped] = [0, Promise.withResolvers<void>()];
  return {
    ...systemClock,
    monotonic: () => systemClock.monotonic() + passedMs,
    wait: (ms, signal) => Promise.race([jumped.promise, systemClock.wait(ms, signal)]),
    jump: (ms) => {
      passedMs += ms;
      jumped.resolve();
      jumped = Promise.withResolvers<void>();
    },
  };
}

const chosen = (optionId: string) => ({ outcome: "selected", optionId });
const [ALWAYS, ONCE, NO] = [chosen("1"), chosen("2"), chosen("3")];

describe("a request for permission", () => {
  test.each([
    ["full", { kind: "execute" }, ONCE],
    ["full", {}, ONCE],
    ["readOnly", { kind: "read" }, ONCE],
    ["readOnly", { kind: "search" }, ONCE],
    ["readOnly", { kind: "edit" }, NO],
    ["readOnly", { kind: "execute" }, NO],
    ["readOnly", { kind: "fetch" }, NO],
    ["readOnly", { kind: "switch_mode" }, NO],
    ["readOnly", {}, NO],
    ["edit", { kind: "edit", locations: [{ path: "a/b.md" }] }, ONCE],
    ["edit", { kind: "edit" }, NO],
    ["edit", { kind: "edit", content: [{ type: "diff", path: "a.md", newText: "x" }] }, ONCE],
    ["edit", { kind: "delete", content: [{ type: "diff", path: "/etc/hosts", newText: "" }] }, NO],
    ["edit", { kind: "edit", locations: [{ path: ".git/hooks/pre-commit" }] }, NO],
    ["edit", { kind: "delete", locations: [{ path: "/etc/passwd" }] }, NO],
    ["edit", { kind: "edit", locations: [{ path: "../b.md" }] }, NO],
    ["edit", { kind: "execute" }, NO],
    ["ask", { kind: "edit" }, NO],
    ["ask", { kind: "read" }, ONCE],
  ])("with access %s for %j is answered by its kind", async (access, call, expected) => {
    expect(await decide(call, access)).toEqual(expected);
  });

  test("is chosen by the kind of the option, once before always", async () => {
    const option = (optionId: string, kind: string) => ({ optionId, name: "x", kind });
    const always = [option("1", "allow_always"), option("9", "reject_always")];
    expect(await decide({ kind: "edit", options: always }, "full")).toEqual(ALWAYS);
    expect(await decide({ kind: "edit", options: always }, "readOnly")).toEqual(chosen("9"));
    expect(await decide({ kind: "edit", options: [option("1", "allow_once")] }, "readOnly")).toEqual({
      outcome: "cancelled",
    });
  });

  test("reaches the person, who decides", async () => {
    const questions: string[] = [];
    const ask = (reply: string) => async (question: string) => {
      questions.push(question);
      return reply;
    };
    const call = { kind: "execute", title: "rm \u001b[31m-r x" };
    for (const [reply, expected] of [
      ["y", ONCE],
      [" Yes\n", ONCE],
      ["", NO],
      ["no", NO],
    ] as const)
      expect(await decide(call, "ask", { context: { ask: ask(reply) } })).toEqual(expected);
    expect(questions[0]).toBe("Allow it to execute: rm -r x? [y/N]");
    const broken = { context: { ask: () => Promise.reject(new Error("terminal gone")) } };
    expect(await decide(call, "edit", broken)).toEqual(NO);
  });

  test("that nobody can answer is refused, and said", async () => {
    const turn = await createAcpTurn();
    const steps = [{ ask: { toolCallId: "t", name: "run_it" } }, { say: "done" }];
    await turn.run({ prompts: [{ steps }] }, { options, request: { access: "ask" } });
    expect(turn.warnings).toEqual([
      'refused, for nobody is there to ask: agent "writer" (access "ask") wants to use: run_it. To allow it, run it without --no-input and not in CI, or set its access in troupe.yaml to "edit" (files only) or "full"',
    ]);
    expect(turn.logged()).toContain("[troupe] permission to use: run_it: refused");
  });

  test("while the person thinks, neither silence nor time counts", async () => {
    const turn = await createAcpTurn();
    const steps = [{ ask: { toolCallId: "t", kind: "execute", title: "x" } }, { say: "done" }];
    const clock = createJumpingClock();
    const ask = async (): Promise<string> => {
      clock.jump(3_600_000);
      await setImmediate(); // the limits have been looked at
      return "y";
    };
    const request = { access: "ask", idleTimeoutMs: 60_000, timeoutMs: 60_000 } as const;
    const given = { ...options, ...(await turn.script({ prompts: [{ steps }] })) };
    const agent = await turn.create(given, { clock });
    expect(await turn.run({}, { agent, request, context: { ask } })).toMatchObject({ output: "done" });
  });

  test("is withdrawn when the turn ends, and answered with cancelled", async () => {
    const turn = await createAcpTurn();
    const steps = [{ ask: { toolCallId: "t", kind: "execute", title: "x" } }, { say: "done" }];
    const asked = Promise.withResolvers<AbortSignal | undefined>();
    const ask = (_question: string, signal?: AbortSignal): Promise<string> => {
      asked.resolve(signal);
      return new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
    };
    const ending = turn.fail({ prompts: [{ steps }] }, { options, context: { ask }, request: { access: "ask" } });
    const signal = await asked.promise;
    turn.stop.abort("cancelled");
    await ending;
    expect(signal?.aborted).toBe(true);
    expect(turn.asked()).toContainEqual({ permission: { outcome: "cancelled" } });
    expect(turn.warnings).toEqual([]);
  });

  test("for a tool that the turn itself offers is given, whatever the access", () => {
    const scope = { access: "readOnly" as const, folders: [], servers: ["troupe"] };
    const judge = (call: object) => judgePermission({ toolCallId: "t", ...call }, scope);
    expect(judge({ title: "mcp__troupe__submit_verdict" })).toBe("allow");
    expect(judge({ kind: "other", name: "troupe_submit_verdict", title: "x" })).toBe("allow");
    expect(judge({ kind: "other", name: "other", title: "troupe_submit_verdict" })).toBe("reject");
    expect(judge({ kind: "execute", title: "troupe/x; rm -r ." })).toBe("reject");
    expect(judge({ kind: "other" })).toBe("reject");
    for (const title of [
      "troupe: rm -rf x",
      "troupe:rm x",
      "troupe_x; curl example.org",
      "troupe/a/b",
      "mcp__troupe__",
    ]) {
      for (const kind of [undefined, "other", "fetch"]) expect(judge({ kind, title })).toBe("reject");
    }
  });
});

test("of the state folder, edit covers the artifacts folder and nothing else", () => {
  const scope = { access: "edit", folders: ["/p", "/p/.troupe/runs/r/artifacts/latest"], servers: [] } as const;
  const judged = ["artifacts/latest/plan.md", "journal.jsonl"].map((name) =>
    judgePermission({ toolCallId: "t", kind: "edit", locations: [{ path: `/p/.troupe/runs/r/${name}` }] }, scope),
  );
  expect(judged).toEqual(["allow", "ask"]);
});
