import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { reporterCases } from "@troupe/conformance";
import type { HookDefinition } from "@troupe/core";
import { describe, expect, test } from "vitest";
import { CANCELLED, claimed, commandHook, createScript, createTestHost, type TestHost } from "../test/fake-run.js";
import { createHookServer } from "../test/hook-server.js";
import { createNotifyReporter } from "./notify-reporter.js";

const PATIENCE = { timeout: 30_000, interval: 10 };
const APPEND = { shell: 'cat >> told.jsonl; echo "$TROUPE_EVENT: $TROUPE_TITLE" >> env.txt' };

/** Lines of the outbox, but those of who sends. */
const outboxOf = (host: TestHost, run = "dark-mode-1"): readonly Readonly<Record<string, unknown>>[] =>
  readFileSync(join(host.folder, "runs", run, "notify.jsonl"), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line))
    .filter((line) => !("sender" in line || "left" in line));
const outboxHas = (host: TestHost, text: string, run = "dark-mode-1"): boolean =>
  readFileSync(join(host.folder, "runs", run, "notify.jsonl"), "utf8").includes(text);
const linesOf = (host: TestHost, name: string): readonly string[] =>
  existsSync(join(host.folder, name)) ? readFileSync(join(host.folder, name), "utf8").trim().split("\n") : [];

describe("the contract of reporters", () => {
  test.each(reporterCases)("$name", async ({ run }) => {
    const host = await createTestHost();
    const hooks = [{ kind: "bell", events: ["started", "finished"], timeoutMs: 1000 }] as const;
    const reporter = createNotifyReporter({ hooks }, { ...host, stateFolder: host.folder });
    const written = (): string => host.written.filter((text) => text !== "\u0007").join("");
    await run({ reporter, written });
  });
});

describe("commands", () => {
  test("get the notification as JSON and in their environment, once, and the outbox says so", async () => {
    const host = await createTestHost();
    const script = createScript(host);
    const reporter = createNotifyReporter({ hooks: [commandHook(APPEND)] }, host);
    reporter.report(script.entry(claimed()));
    reporter.report(script.entry(...CANCELLED));
    await expect.poll(() => linesOf(host, "env.txt"), PATIENCE).toEqual(["cancelled: Cancelled: Add a dark mode"]);
    await reporter.close?.();
    const [line = ""] = linesOf(host, "told.jsonl");
    expect(JSON.parse(line)).toMatchObject({
      version: 1,
      event: "cancelled",
      events: ["cancelled"],
      run: "dark-mode-1",
      title: "Cancelled: Add a dark mode",
      text: "dark-mode-1: 1 cancelled of 1 stage in 0s",
      next: "troupe status dark-mode-1",
    });
    const [begin, put, done, ...more] = outboxOf(host);
    expect(begin).toEqual({ hook: expect.stringMatching(/^command-[0-9a-f]{8}$/), from: 1 });
    expect(put).toMatchObject({ key: `dark-mode-1/3/${begin?.hook}`, hook: begin?.hook, event: "cancelled" });
    expect([done, more]).toEqual([{ done: put?.key, how: "sent" }, []]);
    expect(host.warned).toEqual([]);
  });

  test("that are not there are named once, with what to do, and stay in the outbox", async () => {
    const host = await createTestHost();
    const script = createScript(host);
    const reporter = createNotifyReporter({ hooks: [commandHook({ argv: ["no-such-program"] })] }, host);
    reporter.report(script.entry(claimed()));
    reporter.report(script.entry(...CANCELLED));
    await expect.poll(() => host.warned.length, PATIENCE).toBe(1);
    await reporter.close?.();
    expect(host.warned).toEqual([
      "notifying by command no-such-program failed: the program no-such-program was not found. Install no-such-program, or put it on the PATH. Check it: troupe notify --test",
      "1 notification by command no-such-program was not sent; the next run or resume in this project tries again",
    ]);
    expect(outboxOf(host)).toHaveLength(2);
  });

  test("that hang delay the end by less than 2 s", async () => {
    const host = await createTestHost();
    const script = createScript(host);
    const reporter = createNotifyReporter(
      { hooks: [commandHook({ argv: ["sleep", "60"] }, { timeoutMs: 60_000 })] },
      host,
    );
    reporter.report(script.entry(claimed()));
    reporter.report(script.entry(...CANCELLED));
    await reporter.close?.();
    expect(outboxOf(host)).toHaveLength(2);
    expect(host.warned.at(-1)).toContain("1 notification by command sleep was not sent");
  });
});

describe("after a crash", () => {
  const sent = async (host: TestHost, run: () => void): Promise<void> => {
    run();
    await expect.poll(() => linesOf(host, "told.jsonl").length, PATIENCE).toBe(1);
  };

  test("what was put into the outbox and not sent is sent once by the next claim", async () => {
    const host = await createTestHost();
    const script = createScript(host);
    const hooks = [commandHook(APPEND)];
    const first = createNotifyReporter({ hooks }, host);
    first.report(script.entry(claimed()));
    await sent(host, () => first.report(script.entry(...CANCELLED)));
    await expect.poll(() => outboxHas(host, '"done"'), PATIENCE).toBe(true);
    await first.close?.();
    // the outbox as a process leaves it that died before it noted what it had sent, in the middle of a line
    const file = join(host.folder, "runs/dark-mode-1/notify.jsonl");
    const [begin, put, done] = outboxOf(host);
    expect(done).toEqual({ done: put?.key, how: "sent" });
    writeFileSync(file, `${JSON.stringify(begin)}\n${JSON.stringify(put)}\n{"key":"torn`);
    for (const name of ["told.jsonl", "env.txt"]) writeFileSync(join(host.folder, name), "");
    const next = createNotifyReporter({ hooks }, host);
    next.report(script.entry(claimed(2)));
    await expect.poll(() => outboxHas(host, '"done"'), PATIENCE).toBe(true);
    await next.close?.();
    const third = createNotifyReporter({ hooks }, host);
    third.report(script.entry(claimed(3)));
    await third.close?.();
    expect(linesOf(host, "env.txt")).toEqual(["cancelled: Cancelled: Add a dark mode"]);
  });

  test("what was decided and never came into the outbox is found in the journal", async () => {
    const host = await createTestHost();
    const script = createScript(host);
    const hooks = [commandHook(APPEND)];
    const first = createNotifyReporter({ hooks }, host);
    first.report(script.entry(claimed()));
    await first.close?.();
    script.entry(...CANCELLED); // durable, and the process dies
    const next = createNotifyReporter({ hooks }, host);
    await sent(host, () => next.report(script.entry(claimed(2))));
    await next.close?.();
    expect(linesOf(host, "env.txt")).toEqual(["cancelled: Cancelled: Add a dark mode"]);
  });

  test("a run that is over is caught up with by the next run", async () => {
    const host = await createTestHost();
    const script = createScript(host);
    const hooks = [commandHook(APPEND)];
    const first = createNotifyReporter({ hooks }, host);
    first.report(script.entry(claimed()));
    await first.close?.();
    script.entry(...CANCELLED);
    const other = createScript({ journal: [] }, "other-1");
    const next = createNotifyReporter({ hooks, catchUp: ["dark-mode-1"] }, host);
    await sent(host, () => next.report(other.entry(claimed())));
    await next.close?.();
    expect(outboxOf(host).at(-1)).toMatchObject({ how: "sent" });
  });

  test("a hook that is new hears nothing of what was before it", async () => {
    const host = await createTestHost();
    const script = createScript(host);
    script.entry(claimed());
    script.entry(...CANCELLED);
    const reporter = createNotifyReporter({ hooks: [commandHook(APPEND)] }, host);
    reporter.report(script.entry(claimed(2)));
    await reporter.close?.();
    expect([linesOf(host, "told.jsonl"), outboxOf(host)]).toEqual([[], [{ hook: expect.any(String), from: 3 }]]);
  });
});

describe("webhooks", () => {
  const webhook = (url: string): HookDefinition => ({
    kind: "webhook",
    url,
    headers: { "X-Key": { from: "KEY" } },
    events: ["cancelled"],
    timeoutMs: 300,
  });

  const tell = async (hook: HookDefinition, environment: Readonly<Record<string, string>>) => {
    const host = await createTestHost(environment);
    const script = createScript(host);
    const reporter = createNotifyReporter({ hooks: [hook] }, host);
    reporter.report(script.entry(claimed()));
    reporter.report(script.entry(...CANCELLED));
    return { host, reporter };
  };
  const isDone = (host: TestHost) => () =>
    existsSync(join(host.folder, "runs")) && outboxOf(host).some((line) => "done" in line);

  test("are tried again after 429, 500, a hang and a closed connection, with the same key", async () => {
    const server = await createHookServer((response, count) => {
      if (count === 1) response.writeHead(429, { "retry-after": "1" }).end();
      else if (count === 2) response.writeHead(500).end("KEY-VALUE-1 broke");
      else if (count === 3)
        return; // hangs
      else if (count === 4) response.destroy();
      else response.end("ok");
    });
    const { host, reporter } = await tell(webhook(`${server.url}/hook`), { KEY: "KEY-VALUE-1" });
    await expect.poll(isDone(host), PATIENCE).toBe(true);
    await reporter.close?.();
    expect(server.received).toHaveLength(5);
    expect(new Set(server.received.map(({ headers }) => headers["idempotency-key"])).size).toBe(1);
    expect(server.received[4]).toMatchObject({
      path: "/hook",
      headers: { "x-key": "KEY-VALUE-1" },
      body: { event: "cancelled" },
    });
    expect(host.warned).toHaveLength(1);
    expect(JSON.stringify([host.warned, outboxOf(host)])).not.toContain("KEY-VALUE-1");
  });

  test("that refuse are not asked again, and no secret is in what is said of it", async () => {
    const server = await createHookServer((response) => response.writeHead(403).end("no KEY-VALUE-1"));
    const { host, reporter } = await tell(webhook(server.url), { KEY: "KEY-VALUE-1" });
    await expect.poll(() => host.warned.length, PATIENCE).toBe(1);
    await reporter.close?.();
    expect(server.received).toHaveLength(1);
    expect(host.warned[0]).toMatch(/answered 403: no \[secret KEY\]\. Check the address/);
  });

  test("without their value say which variable is missing", async () => {
    const { host, reporter } = await tell(webhook("http://127.0.0.1:9"), {});
    await expect.poll(() => host.warned.length, PATIENCE).toBe(1);
    await reporter.close?.();
    expect(host.warned[0]).toContain("KEY is not set. Set it: export KEY=...");
  });

  test("slack gets text in which nobody is called, telegram its chat and no markup", async () => {
    const server = await createHookServer((response) => response.end("{}"));
    const events = ["question"] as const;
    const hooks: readonly HookDefinition[] = [
      { kind: "slack", url: { from: "SLACK" }, events, timeoutMs: 5000 },
      { kind: "telegram", token: { from: "TOKEN" }, chat: { from: "CHAT" }, api: server.url, events, timeoutMs: 5000 },
    ];
    const host = await createTestHost({ SLACK: `${server.url}/services/x`, TOKEN: "123456:canary", CHAT: "-100" });
    const script = createScript(host);
    const reporter = createNotifyReporter({ hooks }, host);
    reporter.report(script.entry(claimed()));
    const question = "Delete <!channel> & tell @here?";
    reporter.report({ type: "question", runId: "dark-mode-1", turn: "SPEC.1", question, elsewhere: true });
    await expect.poll(() => server.received.length, PATIENCE).toBe(2);
    await reporter.close?.();
    const bodies = server.received.toSorted((one, other) => one.path.localeCompare(other.path));
    expect(bodies.map(({ path, body }) => [path, body])).toEqual([
      [
        "/bot123456:canary/sendMessage",
        {
          chat_id: "-100",
          text: "SPEC.1 asks\nSPEC.1 of dark-mode-1 asks: Delete <!channel> & tell @here?\ntroupe answer dark-mode-1",
          link_preview_options: { is_disabled: true },
        },
      ],
      [
        "/services/x",
        {
          text: "*SPEC.1 asks*\nSPEC.1 of dark-mode-1 asks: Delete &lt;!channel&gt; &amp; tell @\u200bhere?\n`troupe answer dark-mode-1`",
        },
      ],
    ]);
    expect(JSON.stringify(outboxOf(host))).not.toContain("canary");
  });
});
