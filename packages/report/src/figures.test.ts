import fc from "fast-check";
import { expect, test } from "vitest";
import { Choices, longWorkflow, perform } from "../test/performed-run.js";
import { MINUTE, type RecordedRun, type RunDraft, START } from "../test/recorded-run.js";
import { failedGroup, interruptedAndResumed, waiting } from "../test/runs.js";
import { createReport, type Report } from "./index.js";

const EASY = { fail: 3, retry: 6, crash: 4, reject: 25 };
const draft: RunDraft = { ...longWorkflow(17), capacity: 4 };

function reportOn(run: RecordedRun): Report {
  return createReport(run.entries, { now: run.now, holder: null });
}

/** For every run: a list of choices makes it. */
function always(holds: (report: Report, run: RecordedRun) => void): void {
  const numbers = fc.array(fc.nat(1_000_000), { minLength: 20, maxLength: 400 });
  fc.assert(
    fc.property(numbers, (list) => {
      const run = perform(draft, new Choices(list), EASY, 300);
      holds(reportOn(run), run);
    }),
    { numRuns: 150 },
  );
}

test("peak concurrency is the most turns between two entries, and of their stages", () => {
  always(({ figures }, { entries }) => {
    let live: string[] = [];
    let peakTurns = 0;
    let peakStages = 0;
    for (const { events } of entries) {
      for (const event of events) {
        if (event.type === "run.claimed") live = []; // what a dead process had started runs no more
        if (event.type === "turn.started") live.push(event.turn);
        if (event.type === "turn.settled") live = live.filter((turn) => turn !== event.turn);
      }
      const stages = new Set(live.map((turn) => turn.slice(0, turn.lastIndexOf("."))));
      peakTurns = Math.max(peakTurns, live.length);
      peakStages = Math.max(peakStages, stages.size);
    }
    expect([figures.peakTurns, figures.peakStages]).toEqual([peakTurns, peakStages]);
  });
});

test("what was saved is the time of all turns less the time in which any was in flight, to the millisecond", () => {
  always(({ figures, turns }) => {
    // the active clock again, second by second in effect: every stretch between two marks is counted once or not at all
    const marks = [...new Set(turns.flatMap(({ activeFrom, activeTo }) => [activeFrom, activeTo]))].toSorted(
      (a, b) => a - b,
    );
    let covered = 0;
    let summed = 0;
    for (const [index, mark] of marks.entries()) {
      const next = marks[index + 1];
      if (next === undefined) break;
      const depth = turns.filter(({ activeFrom, activeTo }) => activeFrom <= mark && activeTo >= next).length;
      if (depth > 0) covered += next - mark;
      summed += depth * (next - mark);
    }
    expect([figures.activeMs, figures.busyMs, figures.savedMs]).toEqual([covered, summed, summed - covered]);
  });
});

test("active spans lie apart, in order, and are as long as the active time", () => {
  always(({ figures: { activeSpans, activeMs } }) => {
    expect(activeSpans.reduce((sum, { from, to }) => sum + to - from, 0)).toBe(activeMs);
    for (const [index, { from, to }] of activeSpans.entries()) {
      expect(to).toBeGreaterThan(from);
      expect(from).toBeGreaterThan(activeSpans[index - 1]?.to ?? 0);
    }
  });
});

test("no path of needs is longer than the critical one, and it is no longer than the run", () => {
  always(({ figures, stages }) => {
    const byId = new Map(stages.map((stage) => [stage.id, stage]));
    const longest = (id: string): number => {
      const stage = byId.get(id);
      if (stage === undefined) return 0;
      return stage.activeMs + Math.max(0, ...stage.needs.map(longest));
    };
    const { criticalPath, activeMs } = figures;
    expect(criticalPath.activeMs).toBe(Math.max(...stages.map(({ id }) => longest(id))));
    expect(criticalPath.activeMs).toBeLessThanOrEqual(activeMs);
    const path = criticalPath.stages.map((id) => byId.get(id));
    expect(path.reduce((sum, stage) => sum + (stage?.activeMs ?? 0), 0)).toBe(criticalPath.activeMs);
    for (const [index, stage] of path.entries()) {
      const before = path[index - 1];
      if (before !== undefined) expect(stage?.needs).toContain(before.id);
    }
  });
});

test("stages and groups add up: turns to stages, members to groups, and nothing is saved where nothing overlaps", () => {
  always(({ figures, stages, groups, turns }, run) => {
    const busyOf = (ids: readonly string[]): number =>
      turns.reduce((sum, turn) => (ids.includes(turn.stage) ? sum + turn.activeTo - turn.activeFrom : sum), 0);
    for (const { id, busyMs, activeMs } of stages) {
      expect([id, busyMs]).toEqual([id, busyOf([id])]);
      expect(activeMs).toBeLessThanOrEqual(busyMs);
    }
    for (const group of groups) {
      expect([group.name, group.busyMs, group.savedMs]).toEqual([
        group.name,
        busyOf(group.stages),
        group.busyMs - group.activeMs,
      ]);
    }
    if (figures.peakTurns <= 1) expect(figures.savedMs).toBe(0);
    expect(figures.claims).toBe(run.state.epoch);
  });
});

test("the night between two claims is no active time, nor is what a dead process may have done after it was last seen", () => {
  const { figures, turns } = reportOn(interruptedAndResumed());
  expect(figures).toMatchObject({ claims: 2, activeMs: 29 * MINUTE, busyMs: 29 * MINUTE, savedMs: 0 });
  expect(figures.activeSpans).toEqual([
    { from: START, to: START + 17 * MINUTE },
    { from: START + 550 * MINUTE + 1_000, to: START + 562 * MINUTE + 1_000 },
  ]);
  expect(turns[1]).toMatchObject({ turn: "BUILD.1", status: "interrupted", endedAt: START + 17 * MINUTE });
});

test("the time of a running turn counts up to now while somebody works on it, and not when nobody does", () => {
  const run = waiting();
  const early = { entries: run.entries.slice(0, 3), now: START + 30 * MINUTE };
  const owner = { pid: 1, startTime: null, bootId: null, pidNamespace: null, host: "h", command: "troupe run" };
  const held = { owner, renewedAt: null, ttlMs: 1, alive: "alive" } as const;
  const living = createReport(early.entries, { now: early.now, holder: held });
  const left = createReport(early.entries, { now: early.now, holder: { ...held, alive: "dead" } });
  expect([living.status, living.figures.activeMs, living.figures.elapsedMs]).toEqual([
    "running",
    30 * MINUTE,
    30 * MINUTE,
  ]);
  expect([left.status, left.figures.activeMs, left.figures.elapsedMs]).toEqual(["stalled", 5 * MINUTE, 5 * MINUTE]);
});

test("a group that ran side by side has saved what its members took beyond its own time", () => {
  expect(reportOn(failedGroup()).groups).toMatchObject([
    { name: "preparation", activeMs: 11.5 * MINUTE, busyMs: 29 * MINUTE, savedMs: 17.5 * MINUTE },
  ]);
});
