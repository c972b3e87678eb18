import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Clock, systemClock } from "@troupe/core";
import { expect, test } from "vitest";
import { createCli, createStalled, LONG, type TestCli } from "../../test/cli-harness.js";

/** Somebody on another host, whom nobody here can look at, has the run of the project. */
async function holdElsewhere(cli: TestCli): Promise<{ release(): Promise<void> }> {
  const folder = join(cli.folder, ".troupe/runs", cli.runId(), "lease");
  const owner = {
    pid: 7,
    startTime: "7",
    bootId: "another",
    pidNamespace: "another",
    host: "elsewhere",
    command: "troupe run",
  };
  await mkdir(folder, { recursive: true });
  const path = join(folder, "1");
  await writeFile(path, JSON.stringify({ nonce: "a".repeat(32), owner, acquiredAt: Date.now(), ttlMs: 30_000 }));
  return { release: () => writeFile(path, "") };
}

/** The machine's clock; `happen` comes in the place of the first wait but for the limit of the look at the agents. */
function clockWith(happen: () => Promise<unknown>): Clock {
  let isFirst = true;
  return {
    ...systemClock,
    async wait(ms, signal) {
      if (!isFirst || ms === 20_000) return await systemClock.wait(ms, signal);
      isFirst = false;
      await happen();
    },
  };
}

test("the plan of a run that a living process works on is refused as the resume would be, and why says who", async () => {
  const cli = await createCli(LONG);
  const running = cli.run("run", "objective.md");
  await cli.journaled("turn.started");
  expect(await cli.shown("resume", cli.runId(), "--plan")).toMatchInlineSnapshot(`
    "exit 4
    --- stderr
    error: run RUN is held by process PID on HOST: troupe run in PROJECT [RUN_LOCKED]
    hint: A resume would be refused. See what it does: troupe status RUN
    "
  `);
  expect(await cli.shown("why", "FIRST", cli.runId())).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    FIRST of RUN: it runs now, in process PID on HOST.
      running, after 1 turn
      the run is worked on by process PID on HOST: a resume would be refused
    Next: troupe status RUN
    "
  `);
  expect(await cli.shown("why", "SECOND", cli.runId())).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    SECOND of RUN: run. It has not started.
      pending, no turn of it has started
      the run is worked on by process PID on HOST: a resume would be refused
    Next: troupe status RUN
    "
  `);
  cli.signal("SIGINT");
  await running;
});

test("what a dead process has left running is interrupted", async () => {
  const cli = await createStalled();
  const { stdout } = await cli.run("why", "FIRST");
  expect(stdout).toContain("  interrupted, after 1 turn\n");
});

test("a run that is cancelled while the resume waits for its holder stays cancelled", async () => {
  const cli = await createStalled();
  const holder = await holdElsewhere(cli);
  const clock = clockWith(async () => {
    await holder.release();
    expect((await cli.run("cancel", cli.runId())).code).toBe(0);
  });
  expect(await cli.shownWith({ clock }, "resume", cli.runId())).toMatchInlineSnapshot(`
    "exit 4
    --- stderr
    Going on with stages.yaml.
    error: run RUN has changed since the plan was made [JOURNAL_CONFLICT]
    hint: See what would be done now: troupe resume RUN --plan
    "
  `);
  expect(JSON.parse((await cli.raw("status", cli.runId(), "--json")).stdout).status).toBe("cancelled");
});
