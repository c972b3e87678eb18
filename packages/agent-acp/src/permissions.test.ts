import { link, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { type Clock, systemClock } from "@troupe/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
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
    ["readOnly", { kind: "read", content: [{ type: "diff", path: "a.md", newText: "x" }] }, NO],
    ["edit", { kind: "read", content: [{ type: "diff", path: "a.md", newText: "x" }] }, ONCE],
    ["edit", { kind: "read", content: [{ type: "diff", path: "/etc/hosts", newText: "x" }] }, NO],
    ["edit", { kind: "execute", content: [{ type: "diff", path: "a.md", newText: "x" }] }, NO],
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

  test("for a tool that the turn itself offers is given, whatever the access", async () => {
    const scope = { access: "readOnly" as const, cwd: "/p", folders: [], servers: ["troupe"] };
    const judge = (call: object) => judgePermission({ toolCallId: "t", ...call }, scope);
    expect(await judge({ title: "mcp__troupe__submit_verdict" })).toBe("allow");
    expect(await judge({ kind: "other", name: "troupe_submit_verdict", title: "x" })).toBe("allow");
    expect(await judge({ kind: "other", name: "other", title: "troupe_submit_verdict" })).toBe("reject");
    expect(await judge({ kind: "fetch", title: "troupe_submit_verdict" })).toBe("reject");
    expect(await judge({ kind: "execute", title: "troupe/x; rm -r ." })).toBe("reject");
    expect(await judge({ kind: "other" })).toBe("reject");
    for (const title of [
      "troupe: rm -rf x",
      "troupe:rm x",
      "troupe_x; curl example.org",
      "troupe/a/b",
      "mcp__troupe__",
      "troupe/xyz",
      "troupe-run",
    ]) {
      for (const kind of [undefined, "other", "fetch"]) expect(await judge({ kind, title })).toBe("reject");
    }
  });
});

describe("with access edit", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "troupe-"));
    for (const name of ["p/src", "p/.git", "p/.troupe/runs/r/artifacts/latest", "other"]) {
      await mkdir(join(folder, name), { recursive: true });
    }
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const judge = (call: object, root = join(folder, "p")) =>
    judgePermission(
      { toolCallId: "t", kind: "edit", ...call },
      { access: "edit", cwd: root, folders: [root, join(root, ".troupe/runs/r/artifacts/latest")], servers: [] },
    );
  const edit = (path: string, root?: string) => judge({ locations: [{ path }] }, root);

  test("of the state folder the artifacts folder is covered and nothing else", async () => {
    expect(await edit(join(folder, "p/.troupe/runs/r/artifacts/latest/plan.md"))).toBe("allow");
    expect(await edit(join(folder, "p/.troupe/runs/r/journal.jsonl"))).toBe("ask");
  });

  test.each<[path: string, links: readonly (readonly [at: string, to: string])[], expected: string]>([
    ["src/a.ts", [], "allow"],
    ["new/folder/a.ts", [], "allow"],
    ["src/../a.ts", [], "allow"],
    ["./src//a.ts", [], "allow"],
    ["src/../../other/a.ts", [], "ask"],
    ["new/../../other/a.ts", [], "ask"],
    ["away/a.ts", [["away", "../other"]], "ask"],
    ["away/new/a.ts", [["away", "../other"]], "ask"],
    ["away", [["away", "../other/missing.ts"]], "ask"],
    ["away/a.ts", [["away", "../other/missing"]], "ask"],
    ["away", [["away", "/etc/troupe-is-not-there"]], "ask"],
    [
      "two/a.ts",
      [
        ["one", "../other"],
        ["two", "one"],
      ],
      "ask",
    ],
    ["src/up/a.ts", [["src/up", "../.."]], "ask"],
    ["src/up/p/a.ts", [["src/up", "../.."]], "allow"],
    ["away/../src/a.ts", [["away", "../other"]], "ask"],
    ["src/in/a.ts", [["src/in", "../new"]], "allow"],
    ["src/in/../a.ts", [["src/in", "../src"]], "allow"],
    ["hooks/pre-commit", [["hooks", ".git"]], "ask"],
    ["state/journal.jsonl", [["state", ".troupe/runs/r"]], "ask"],
    ["done/plan.md", [["done", ".troupe/runs/r/artifacts/latest"]], "allow"],
    ["round/a.ts", [["round", "round"]], "ask"],
    [".", [], "ask"],
    [".GIT/hooks/pre-commit", [], "ask"],
    [".git./config", [], "ask"],
    [".git::$INDEX_ALLOCATION/config", [], "ask"],
    ["src\\..\\..\\x", [], "ask"],
    ["GIT~1/hooks/pre-commit", [], "ask"],
    ["TROUPE~1", [], "ask"],
    ["src/a.ts~", [], "allow"],
    [".g\u200Cit/hooks/pre-commit", [], "ask"],
    [".gi\uFEFFt/config", [], "ask"],
  ])("a change of %s with the links %j: %s", async (path, links, expected) => {
    for (const [at, to] of links) await symlink(to, join(folder, "p", at));
    expect(await edit(path)).toBe(expected);
    expect(await edit(`${folder}/p/${path}`)).toBe(expected);
  });

  test.each(["file:///etc/passwd", "FILE:src/a.ts", "vscode-remote://x/a", "~/.bashrc", "~", "~root/a"])(
    "what an agent may take for something other than a path is asked about: %s",
    async (path) => {
      expect(await edit(path)).toBe("ask");
    },
  );

  test("a folder is not deleted unasked, nor a file changed that has other names", async () => {
    const remove = (path: string) => judge({ kind: "delete", locations: [{ path }] });
    await writeFile(join(folder, "other/secret"), "");
    await link(join(folder, "other/secret"), join(folder, "p/src/linked"));
    await writeFile(join(folder, "p/src/a.ts"), "");
    expect(await edit("src/linked")).toBe("ask");
    expect(await edit("src/a.ts")).toBe("allow");
    expect(await remove("src/a.ts")).toBe("allow");
    expect(await remove("src/linked")).toBe("allow"); // its other name stays
    expect(await remove("src")).toBe("ask");
  });

  test("a file in the place of a folder leaves open what is meant", async () => {
    await writeFile(join(folder, "p/src/a"), "");
    expect(await edit("src/a/b")).toBe("ask");
  });

  test("a folder that is reached through a link covers what lies in it, by either name", async () => {
    await symlink("p", join(folder, "link"));
    const root = join(folder, "link");
    expect(await edit("src/a.ts", root)).toBe("allow");
    expect(await edit(join(folder, "p/src/a.ts"), root)).toBe("allow");
    expect(await edit(join(folder, "link/src/a.ts"), root)).toBe("allow");
    expect(await edit(join(folder, "other/a.ts"), root)).toBe("ask");
  });

  test("both ends of a move have to be named, and covered", async () => {
    const move = (...paths: readonly string[]) => judge({ kind: "move", locations: paths.map((path) => ({ path })) });
    expect(await move("src/a.ts", "src/b.ts")).toBe("allow");
    expect(await move("src/a.ts", "../other/b.ts")).toBe("ask");
    expect(await move("src/a.ts")).toBe("ask");
    expect(await move("src/a.ts", "src/a.ts")).toBe("ask");
  });
});
