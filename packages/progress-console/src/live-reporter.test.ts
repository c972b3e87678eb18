import type { ProgressReporter, TextSink } from "@troupe/core";
import { describe, expect, test } from "vitest";
import { createFakeHost, type FakeHost } from "../test/fake-host.js";
import {
  claimed,
  completed,
  createRunScript,
  groupStarts,
  membersEnd,
  output,
  reviewRound,
  runEnds,
  START,
  settled,
  started,
  teamDraft,
} from "../test/run-script.js";
import { createScreen, type Screen } from "../test/screen.js";
import { createLiveReporter } from "./live-reporter.js";
import { createWallClock } from "./wall-clock.js";

interface Terminal extends TextSink {
  readonly screen: Screen;
  readonly writes: readonly string[];
  readonly listeners: number;
  resize(columns: number, rows: number): void;
}

function createTerminal(columns = 80, rows = 24): Terminal {
  const screen = createScreen(columns, rows);
  const writes: string[] = [];
  const listeners = new Set<() => void>();
  let size = { columns, rows };
  return {
    screen,
    writes,
    isTerminal: true,
    write(text) {
      writes.push(text);
      screen.write(text);
    },
    size: () => size,
    onResize(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    resize(newColumns, newRows) {
      size = { columns: newColumns, rows: newRows };
      screen.resize(newColumns, newRows);
      for (const listener of listeners) listener();
    },
    get listeners() {
      return listeners.size;
    },
  };
}

interface Stage {
  readonly host: Omit<FakeHost, "streams">;
  readonly terminal: Terminal;
  readonly reporter: ProgressReporter;
}

function createStage(terminal: Terminal = createTerminal()): Stage {
  const fake = createFakeHost(START);
  const host = { ...fake, streams: { stdout: fake.streams.stdout, stderr: terminal } };
  const reporter = createLiveReporter(host, { isColoured: false, wallClock: createWallClock("UTC") });
  return { host, terminal, reporter };
}

test("a whole run: what is over stands above what goes on, and at the end only what is over is left", async () => {
  const { host, terminal, reporter } = createStage();
  const script = createRunScript(teamDraft);
  terminal.write("$ troupe run objective.md\n");
  const frames: string[] = [];
  const show = async (seconds: number): Promise<void> => {
    await host.clock.advance(START + seconds * 1000 - host.clock.now());
    frames.push(terminal.screen.text());
  };
  const tell = async (seconds: number, ...entries: Parameters<ProgressReporter["report"]>[0][]): Promise<void> => {
    await host.clock.advance(START + seconds * 1000 - host.clock.now());
    for (const entry of entries) reporter.report(entry);
  };
  const [one, two, three] = reviewRound(script);
  if (one === undefined || two === undefined || three === undefined) throw new Error("three entries");
  await tell(95, one, two, three);
  await show(100);
  await tell(150, ...groupStarts(script));
  await tell(155, output("RESEARCH.1", "Reading src/theme.ts\n"));
  await show(160);
  await tell(170, ...membersEnd(script));
  await show(171);
  await tell(210, { type: "notice", level: "warning", message: "12 MB of disk left" }, ...runEnds(script));
  await show(211);
  await reporter.close?.();
  frames.push(terminal.screen.text());
  expect(`\n${frames.join("\n----\n")}\n`).toMatchInlineSnapshot(`
    "
    $ troupe run objective.md
    run dark-mode-1 started: "Add a dark mode", workflow default, 6 stages
    ✓ SPEC completed in 1m 05s
    ● SPEC_REVIEW      35s  fix by analyst, round 1/4, last: rejected
    1/6 stages done · 1m 40s of 8h · 45.2k tokens · $1.22
    ----
    $ troupe run objective.md
    run dark-mode-1 started: "Add a dark mode", workflow default, 6 stages
    ✓ SPEC completed in 1m 05s
    ✓ SPEC_REVIEW completed in 1m 25s, approved in round 2
    ┌ analysis  0 of 3 done, 3 running
    │ ● RESEARCH           10s  work by builder  Reading src/theme.ts
    │ ● TEST_STRATEGY      10s  work by tester
    └ ● SPIKE              10s  work by hacker
    2/6 stages done · 2m 40s of 8h · at least 67.8k tokens · at least $1.83
    ----
    $ troupe run objective.md
    run dark-mode-1 started: "Add a dark mode", workflow default, 6 stages
    ✓ SPEC completed in 1m 05s
    ✓ SPEC_REVIEW completed in 1m 25s, approved in round 2
    ✓ [analysis] TEST_STRATEGY completed in 10s
    ✗ [analysis] SPIKE failed after 20s: claude ended with exit code 1 [AGENT_FAILED
    ]; hint: troupe logs dark-mode-1 SPIKE
    ┌ analysis  1 of 3 done, 1 failed, 1 running
    │ ● RESEARCH           21s  work by builder  Reading src/theme.ts
    │ ✓ TEST_STRATEGY      10s  completed  22.6k tok $0.61
    └ ✗ SPIKE              20s  failed: claude ended with exit code 1 [AGENT_FAILE…
    3/6 done · 1 failed · 2m 51s/8h · 90.4k+ tok · $2.44+
    ----
    $ troupe run objective.md
    run dark-mode-1 started: "Add a dark mode", workflow default, 6 stages
    ✓ SPEC completed in 1m 05s
    ✓ SPEC_REVIEW completed in 1m 25s, approved in round 2
    ✓ [analysis] TEST_STRATEGY completed in 10s
    ✗ [analysis] SPIKE failed after 20s: claude ended with exit code 1 [AGENT_FAILED
    ]; hint: troupe logs dark-mode-1 SPIKE
    warning: 12 MB of disk left
    ✓ [analysis] RESEARCH completed in 1m 00s
    run dark-mode-1 failed: 4/6 stages done, failed: SPIKE, 3m 30s, at least 113k to
    kens, at least $3.05
    ----
    $ troupe run objective.md
    run dark-mode-1 started: "Add a dark mode", workflow default, 6 stages
    ✓ SPEC completed in 1m 05s
    ✓ SPEC_REVIEW completed in 1m 25s, approved in round 2
    ✓ [analysis] TEST_STRATEGY completed in 10s
    ✗ [analysis] SPIKE failed after 20s: claude ended with exit code 1 [AGENT_FAILED
    ]; hint: troupe logs dark-mode-1 SPIKE
    warning: 12 MB of disk left
    ✓ [analysis] RESEARCH completed in 1m 00s
    run dark-mode-1 failed: 4/6 stages done, failed: SPIKE, 3m 30s, at least 113k to
    kens, at least $3.05
    "
  `);
});

test("what is over shows the moment its entry is reported, while a sibling runs", async () => {
  const { terminal, reporter, host } = createStage();
  const script = createRunScript(teamDraft);
  for (const entry of [...reviewRound(script), ...groupStarts(script)]) reporter.report(entry);
  await host.clock.advance(1150); // the last redraw was not just now
  const [testStrategy] = membersEnd(script);
  if (testStrategy === undefined) throw new Error("an entry");
  reporter.report(testStrategy);
  expect(terminal.screen.text()).toContain("✓ [analysis] TEST_STRATEGY completed in 10s");
  expect(terminal.screen.text()).toContain("● RESEARCH");
});

describe("redraws", () => {
  test("are at most ten in a second, however much is told, and nothing is lost", async () => {
    const { host, terminal, reporter } = createStage();
    const ids = Array.from({ length: 64 }, (_, n) => `S${n + 1}`);
    const script = createRunScript({ stages: ids.map((id) => ({ id, workAgent: id })) });
    reporter.report(script.entry(0, claimed(), ...ids.map((id) => started(`${id}.1`))));
    const before = terminal.writes.length;
    for (let n = 0; n < 1000; n += 1) {
      const id = ids[n % 64] ?? "";
      reporter.report(output(`${id}.1`, `line ${n}\n`));
      if (n < 64) reporter.report(script.entry(n / 1000, settled(`${id}.1`), completed(id)));
      await host.clock.advance(1);
    }
    expect(terminal.writes.length - before).toBeLessThanOrEqual(11);
    await reporter.close?.();
    expect(terminal.screen.text().match(/✓ S\d+ completed/g)).toHaveLength(64);
  });

  test("go on each second while nothing happens, and stop when the run is over", async () => {
    const { host, terminal, reporter } = createStage();
    const script = createRunScript({ stages: [{ id: "A", workAgent: "a" }] });
    reporter.report(script.entry(0, claimed(), started("A.1")));
    await host.clock.advance(7000);
    expect(terminal.screen.text()).toContain("● A       7s  work by builder");
    reporter.report(
      script.entry(7, settled("A.1"), completed("A"), { type: "run.finished", outcome: "succeeded", limit: null }),
    );
    await host.clock.advance(2000);
    const writes = terminal.writes.length;
    await host.clock.advance(60_000);
    expect([terminal.writes.length, host.clock.waiting]).toEqual([writes, 0]);
    await reporter.close?.();
  });
});

describe("the terminal", () => {
  function startOne(stage: Stage): void {
    const script = createRunScript({
      stages: [
        { id: "A", workAgent: "a" },
        { id: "B", workAgent: "b" },
      ],
    });
    stage.reporter.report(script.entry(0, claimed(), started("A.1"), started("B.1")));
    stage.reporter.report(output("A.1", "a line that is long enough to be wrapped when the terminal gets narrow\n"));
  }

  test("has its cursor between two redraws, so that whatever ends the process leaves it there", async () => {
    const stage = createStage();
    startOne(stage);
    for (const text of stage.terminal.writes) {
      expect([text.slice(0, 14), text.slice(-14)]).toEqual(["\u001b[?2026h\u001b[?25l", "\u001b[?25h\u001b[?2026l"]);
    }
    await stage.reporter.close?.();
    expect(stage.terminal.listeners).toBe(0);
  });

  test("keeps all that was on it: nothing but the live rows is ever erased", async () => {
    const stage = createStage(createTerminal(80, 6));
    for (let n = 0; n < 20; n += 1) stage.terminal.write(`before ${n}\n`);
    startOne(stage);
    await stage.host.clock.advance(5000);
    await stage.reporter.close?.();
    const before = Array.from({ length: 20 }, (_, n) => `before ${n}`);
    expect(stage.terminal.screen.text().split("\n").slice(0, 20)).toEqual(before);
    const sequences = ["\u001b[J", "\u001b[2J", "\u001b[3J", "\u001b[H", "\u001bc"]; // those that clear a screen
    expect(sequences.filter((sequence) => stage.terminal.writes.join("").includes(sequence))).toEqual([]);
  });

  test("may be resized: old rows leave nothing behind", async () => {
    const stage = createStage(createTerminal(80, 10));
    stage.terminal.write("before\n");
    startOne(stage);
    await stage.host.clock.advance(1000);
    const frames = [];
    for (const [columns, rows] of [
      [34, 10],
      [100, 10],
      [60, 8],
      [60, 10],
    ] as const) {
      stage.terminal.resize(columns, rows);
      await stage.host.clock.advance(200);
      frames.push(stage.terminal.screen.text());
    }
    expect(`\n${frames.join("\n----\n")}\n`).toMatchInlineSnapshot(`
      "
      before
      run dark-mode-1 started: "Add a da
      rk mode", workflow default, 2 stag
      es
      ● A  1s  work by builder  a line…
      ● B  1s  work by builder
      0/2 stages done · 1s of 8h
      ----
      before
      run dark-mode-1 started: "Add a dark mode", workflow default, 2 stages
      ● A       1s  work by builder  a line that is long enough to be wrapped when the terminal gets nar…
      ● B       1s  work by builder
      0/2 stages done · 1s of 8h
      ----
      before
      run dark-mode-1 started: "Add a dark mode", workflow default
      , 2 stages
      ● A       1s  work by builder  a line that is long enough …
      ● B       1s  work by builder
      0/2 stages done · 1s of 8h
      ----
      before
      run dark-mode-1 started: "Add a dark mode", workflow default
      , 2 stages
      ● A       1s  work by builder  a line that is long enough …
      ● B       1s  work by builder
      0/2 stages done · 1s of 8h
      "
    `);
    await stage.reporter.close?.();
  });
});

test("a terminal that fails harms nobody", async () => {
  const terminal = {
    ...createTerminal(),
    write() {
      throw new Error("gone");
    },
  };
  const stage = createStage(terminal);
  const script = createRunScript({ stages: [{ id: "A", workAgent: "a" }] });
  stage.reporter.report(script.entry(0, claimed(), started("A.1")));
  await stage.host.clock.advance(3000);
  await stage.reporter.close?.();
  expect(stage.host.logged).toContain("the console could not show something: gone");
});
