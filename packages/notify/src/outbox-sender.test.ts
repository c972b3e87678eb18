import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Owner, systemWitness } from "@troupe/core";
import { expect, test } from "vitest";
import { CANCELLED, claimed, commandHook, createScript, createTestHost, type TestHost } from "../test/fake-run.js";
import { createNotifyReporter } from "./notify-reporter.js";
import { createOutboxSender } from "./outbox-sender.js";

const PATIENCE = { timeout: 30_000, interval: 10 };
const RUN = "dark-mode-1";
const HOOKS = [commandHook({ shell: "cat >> told.jsonl" })];

const outbox = (host: TestHost): string => join(host.folder, "runs", RUN, "notify.jsonl");
const textOf = (host: TestHost): string => (existsSync(outbox(host)) ? readFileSync(outbox(host), "utf8") : "");
const told = (host: TestHost): number =>
  existsSync(join(host.folder, "told.jsonl"))
    ? readFileSync(join(host.folder, "told.jsonl"), "utf8").trim().split("\n").length
    : 0;

/** A run that is over, of which one notification was never sent, and its outbox as `senders` left it. */
async function overdue(...senders: readonly Readonly<Record<string, unknown>>[]): Promise<TestHost> {
  const host = await createTestHost();
  const script = createScript(host);
  const first = createNotifyReporter({ hooks: HOOKS }, host);
  first.report(script.entry(claimed()));
  await first.close?.();
  script.entry(...CANCELLED);
  const begin = textOf(host)
    .split("\n")
    .find((line) => line.includes('"from"'));
  writeFileSync(outbox(host), [begin, ...senders.map((line) => JSON.stringify(line)), ""].join("\n"));
  return host;
}

function lookOn(host: TestHost, run: string) {
  const reporter = createNotifyReporter({ hooks: HOOKS, catchUp: [RUN] }, host);
  reporter.report(createScript({ journal: [] }, run).entry(claimed()));
  return reporter;
}

const self = async (): Promise<Owner> => await systemWitness.identifySelf("test");
const senderOf = (owner: Owner, at = Date.now()) => ({ sender: "other", owner, at });

test("of two processes that catch up with a run at the same time one sends", async () => {
  const host = await overdue();
  const both = [lookOn(host, "other-1"), lookOn(host, "other-2")];
  await expect.poll(() => textOf(host).includes('"how":"sent"'), PATIENCE).toBe(true);
  for (const reporter of both) await reporter.close?.();
  expect(told(host)).toBe(1);
  const lines = textOf(host).split("\n");
  expect(lines.filter((line) => line.includes('"left"'))).toHaveLength(
    lines.filter((line) => line.includes('"sender"')).length,
  );
});

test("what a living process sends nobody else does, what a dead one left the next one does", async () => {
  const alive = await overdue(senderOf(await self()));
  await lookOn(alive, "other-1").close?.();
  expect([told(alive), textOf(alive).includes('"done"')]).toEqual([0, false]);
  const dead = await overdue(senderOf({ ...(await self()), pid: 2 ** 22 + 1, startTime: "1" }));
  const reporter = lookOn(dead, "other-1");
  await expect.poll(() => told(dead), PATIENCE).toBe(1);
  await reporter.close?.();
});

test("who goes on with the run sends its own news at once, and what is old when the other has left", async () => {
  const host = await createTestHost();
  const script = createScript(host);
  const hooks = [commandHook({ shell: "cat >> told.jsonl" }, { events: ["cancelled", "started"] })];
  const first = createNotifyReporter({ hooks }, host);
  first.report(script.entry(claimed()));
  await expect.poll(() => told(host), PATIENCE).toBe(1);
  await first.close?.();
  script.entry(...CANCELLED);
  const other = JSON.stringify(senderOf(await self()));
  writeFileSync(outbox(host), `${textOf(host)}${other}\n`);
  const next = createNotifyReporter({ hooks }, host);
  next.report(script.entry(claimed(2)));
  await expect.poll(() => told(host), PATIENCE).toBe(2);
  const events = (): readonly string[] =>
    readFileSync(join(host.folder, "told.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).event);
  expect(events()).toEqual(["started", "started"]);
  writeFileSync(outbox(host), `${textOf(host)}{"left":"other"}\n`);
  await expect.poll(events, PATIENCE).toEqual(["started", "started", "cancelled"]);
  await next.close?.();
  expect(events()).toHaveLength(3);
});

test("who cannot be looked at is believed to live for an hour", async () => {
  const sender = createOutboxSender("me", { now: () => 10_000_000 }, systemWitness);
  const elsewhere: Owner = { ...(await self()), bootId: "another", host: "elsewhere" };
  expect(await sender.isBehind([senderOf(elsewhere, 9_000_000)])).toBe(true);
  expect(await sender.isBehind([senderOf(elsewhere, 6_000_000)])).toBe(false);
  const mine = await sender.line();
  expect(await sender.isBehind([mine, senderOf(await self())])).toBe(false);
});

test("a run that was removed meanwhile is not brought back", async () => {
  const host = await overdue();
  const reporter = lookOn(host, "other-1");
  await expect.poll(() => textOf(host).includes('"how":"sent"'), PATIENCE).toBe(true);
  const { rmSync } = await import("node:fs");
  rmSync(join(host.folder, "runs", RUN), { recursive: true });
  await reporter.close?.();
  expect(existsSync(join(host.folder, "runs", RUN))).toBe(false);
});

test("an owner that is written oddly belongs to nobody", async () => {
  const host = await overdue({ sender: "other", at: 1, owner: 7 });
  mkdirSync(join(host.folder, "runs"), { recursive: true });
  const reporter = lookOn(host, "other-1");
  await expect.poll(() => told(host), PATIENCE).toBe(1);
  await reporter.close?.();
});
