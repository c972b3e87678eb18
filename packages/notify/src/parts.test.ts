import type { HookDefinition } from "@troupe/core";
import { describe, expect, test } from "vitest";
import { createTestHost } from "../test/fake-run.js";
import { checkHooks } from "./check-hooks.js";
import { desktopCommand } from "./desktop-command.js";
import { describeHook, namesOf } from "./hook.js";
import type { Notification } from "./notification.js";
import { readLine } from "./outbox-line.js";
import plugin from "./plugin.js";
import { parseRetryAfter } from "./retry-after.js";
import { send } from "./send.js";

const NOTIFICATION: Notification = {
  version: 1,
  key: "r/1/h",
  event: "failed",
  events: ["failed"],
  run: "r",
  project: "p",
  objective: "o",
  workflow: "w",
  at: 1,
  title: "--title",
  text: "<b>&",
  next: null,
};

test("a service's wait is seconds or a date, an hour at most", () => {
  const now = Date.UTC(2026, 0, 1);
  const values = ["7", new Date(now + 9000).toUTCString(), "999999", "soon", null, "-1"];
  expect(values.map((value) => parseRetryAfter(value, now))).toEqual([7000, 9000, 3_600_000, 0, 0, 0]);
});

test("texts of others are no options and no script on any desktop", () => {
  const [linux, mac, windows] = (["linux", "darwin", "win32"] as const).map((one) => desktopCommand(one, NOTIFICATION));
  expect(linux?.argv).toEqual([
    "notify-send",
    "--app-name=Troupe",
    "--urgency=critical",
    "--",
    "--title",
    "&lt;b&gt;&amp;",
  ]);
  expect(mac?.argv.slice(-3)).toEqual(["--", "--title", "<b>&"]);
  expect([windows?.env, windows?.argv.join(" ").includes("--title")]).toEqual([
    { TROUPE_TITLE: "--title", TROUPE_TEXT: "<b>&" },
    false,
  ]);
});

test("the bell is one write and nothing else", async () => {
  const host = await createTestHost();
  const context = { host, lookUp: () => undefined, platform: "linux" } as const;
  const hook = { kind: "bell", events: ["failed"], timeoutMs: 1, id: "bell-1" } as const;
  await send(hook, NOTIFICATION, context, new AbortController().signal);
  expect(host.written).toEqual(["\u0007"]);
});

test("a torn or foreign line of the outbox is passed over", () => {
  const lines = ["{", "7", "null", '{"hook":"h"}', '{"key":"k","hook":"h","payload":{"version":2}}', '{"done":"k"}'];
  expect(lines.map(readLine)).toEqual([null, null, null, null, null, { done: "k", how: "sent" }]);
});

describe("options", () => {
  const validate = (value: unknown) => plugin.options["~standard"].validate(value);

  test("may leave out events and time limits", () => {
    expect(validate(null)).toEqual({ value: { hooks: [] } });
    expect(validate({ hooks: [{ kind: "bell", events: ["failed"] }], values: { A: "b" }, catchUp: ["r"] })).toEqual({
      value: { hooks: [{ kind: "bell", events: ["failed"], timeoutMs: 10_000 }], values: { A: "b" }, catchUp: ["r"] },
    });
  });

  test("say what is wrong with each hook", () => {
    const hooks = [
      1,
      { kind: "mail" },
      { kind: "command", command: {} },
      { kind: "command", command: "true" },
      { kind: "command", command: { argv: [] } },
      { kind: "command", command: { shell: "true" } },
      { kind: "webhook", url: 1 },
      { kind: "webhook", url: "http://x", headers: { a: 1 } },
      { kind: "webhook", url: "http://x" },
      { kind: "slack", url: "http://x" },
      { kind: "telegram", token: "x" },
      { kind: "telegram", token: { from: "A" }, chat: 1 },
      { kind: "telegram", token: { from: "A" }, chat: "1", api: 1 },
      { kind: "bell", events: ["no"] },
      { kind: "bell", timeoutMs: 0 },
    ];
    const result = validate({ hooks, more: 1, values: [], catchUp: [1] });
    const issues = "issues" in result ? (result.issues ?? []) : [];
    expect(issues.map(({ path }) => path?.join("."))).toEqual([
      "more",
      ...[0, 1, 2, 3, 4, 6, 7, 9, 10, 11, 12, 13, 14].map((index) => `hooks.${index}`),
      "values",
      "catchUp",
    ]);
    expect([validate([]), validate({ hooks: 1 })].map((one) => "issues" in one)).toEqual([true, true]);
  });
});

test("a check finds what a hook lacks without sending anything", async () => {
  const host = await createTestHost();
  const common = { events: ["failed"], timeoutMs: 1 } as const;
  const problems = await checkHooks(
    [
      { kind: "command", command: { argv: ["no-such-program"] }, ...common },
      { kind: "command", command: { shell: "true" }, ...common },
      { kind: "slack", url: { from: "NONE" }, ...common },
      { kind: "slack", url: { from: "ODD" }, ...common },
      { kind: "webhook", url: { from: "GOOD" }, headers: { A: "b" }, ...common },
      { kind: "webhook", url: "http://x", headers: {}, ...common },
      { kind: "telegram", token: { from: "ODD" }, chat: { from: "NONE" }, api: null, ...common },
      { kind: "desktop", ...common },
      { kind: "bell", ...common },
    ],
    { ...host, environment: {}, streams: { ...host.streams, stderr: { ...host.streams.stderr, isTerminal: false } } },
    (name) => ({ ODD: "nothing", GOOD: "https://example.com/" })[name],
    "linux",
  );
  expect(problems.map(({ hook, message }) => `${hook}: ${message}`)).toEqual([
    "command no-such-program: the program no-such-program was not found",
    "slack NONE: NONE is not set",
    "slack ODD: ODD holds no http or https URL",
    "telegram ODD: NONE is not set",
    "desktop: the program notify-send was not found",
    "bell: there is no terminal that could ring",
  ]);
});

test("the program that a desktop needs is looked for by the name it has there", async () => {
  const host = await createTestHost({ PATH: "/nowhere" });
  const hooks = [{ kind: "desktop", events: ["failed"], timeoutMs: 1 }] as const;
  const messages = (["darwin", "win32"] as const).map(async (platform) => {
    const [problem] = await checkHooks(hooks, host, () => undefined, platform);
    return problem?.message;
  });
  expect(await Promise.all(messages)).toEqual([
    "the program osascript was not found",
    "the program powershell.exe was not found",
  ]);
});

test("a hook is called by what is no secret of it", () => {
  const common = { events: ["failed"], timeoutMs: 1 } as const;
  const hooks: readonly HookDefinition[] = [
    { kind: "webhook", url: { from: "URL" }, headers: {}, ...common },
    { kind: "webhook", url: "https://example.com/token", headers: {}, ...common },
    { kind: "webhook", url: "token", headers: {}, ...common },
    { kind: "command", command: { argv: ["say", "token"] }, ...common },
    { kind: "telegram", token: { from: "T" }, chat: "token", api: null, ...common },
  ];
  expect(hooks.map(describeHook)).toEqual([
    "webhook URL",
    "webhook example.com",
    "webhook (no address)",
    "command say",
    "telegram T",
  ]);
  expect(hooks.map(namesOf)).toEqual([["URL"], [], [], [], ["T"]]);
});
