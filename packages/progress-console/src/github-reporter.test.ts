import type { RunEvent } from "@troupe/core";
import { expect, test } from "vitest";
import { createFakeHost, createFakeSink } from "../test/fake-host.js";
import { claimed, createRunScript, START, started, succeeded } from "../test/run-script.js";
import { createConsoleReporter } from "./console-reporter.js";

/** What the log of GitHub Actions has of a run of one stage after these events. */
async function logOf(...events: readonly RunEvent[]): Promise<string> {
  const host = createFakeHost(START, createFakeSink(false), { CI: "true", GITHUB_ACTIONS: "true" });
  const reporter = createConsoleReporter({ timeZone: "UTC" }, host);
  const script = createRunScript({ stages: [{ id: "PLAN", workAgent: "pm", approval: true }] });
  reporter.report(script.entry(0, claimed()));
  for (const event of events) reporter.report(script.entry(1, event));
  await reporter.close?.();
  return host.streams.stderr.text();
}

const WORKED: readonly RunEvent[] = [
  started("PLAN.1", { agent: "pm" }),
  { type: "turn.settled", turn: "PLAN.1", result: succeeded() },
];

test("a result that waits for a person is an annotation with the command that approves it", async () => {
  const asked: RunEvent = { type: "approval.requested", stage: "PLAN", turn: "PLAN.1" };
  const ended: RunEvent = { type: "run.finished", outcome: "waiting", limit: null };
  expect(await logOf(...WORKED, asked, ended)).toMatchInlineSnapshot(`
    "15:00:00 run dark-mode-1 started: "Add a dark mode", workflow default, 1 stage
    ::group::PLAN
    15:00:01 PLAN: work by pm started, round 1/4
    15:00:01 PLAN: work ended after 0.0s, 22.6k tokens, $0.61
    ::endgroup::
    15:00:01 ○ PLAN waits for the approval of PLAN.1
    ::notice title=Stage PLAN waits for approval::See it: troupe show dark-mode-1 PLAN%0AThen: troupe approve dark-mode-1 PLAN --turn PLAN.1
    15:00:01 run dark-mode-1 waiting: 0/1 stages done, 1 waiting for approval, 0.0s, 22.6k tokens, $0.61
    "
  `);
});

test("an end that no stage tells of is an annotation too, and what has no stage is in no fold", async () => {
  const cancelled = await logOf(
    { type: "run.cancel-requested", by: "kim", message: "wrong objective" },
    { type: "stage.cancelled", stage: "PLAN", cause: { by: "request" } },
    { type: "run.finished", outcome: "cancelled", limit: null },
  );
  expect(cancelled).toMatchInlineSnapshot(`
    "15:00:00 run dark-mode-1 started: "Add a dark mode", workflow default, 1 stage
    15:00:01 cancelled by kim: wrong objective
    15:00:01 ■ PLAN cancelled on request
    15:00:01 run dark-mode-1 cancelled: 0/1 stages done, 1 cancelled, 0.0s
    ::error title=Run cancelled::See what was done: troupe status dark-mode-1
    "
  `);
  const stopped = await logOf(
    { type: "run.stop-requested", by: "signal" },
    { type: "run.finished", outcome: "interrupted", limit: null },
  );
  expect(stopped).toMatchInlineSnapshot(`
    "15:00:00 run dark-mode-1 started: "Add a dark mode", workflow default, 1 stage
    15:00:01 asked to stop (signal): turns are being ended
    15:00:01 run dark-mode-1 interrupted: 0/1 stages done, 0.0s
    ::warning title=Run stopped::Go on with it: troupe resume dark-mode-1
    "
  `);
});
