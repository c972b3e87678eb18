import type { ProgressEvent } from "@troupe/core";
import { describe, expect, test } from "vitest";
import { claimed, completed, createRunScript, failed, settled, stageFailed, started } from "../test/run-script.js";
import { shown } from "../test/show-view.js";

describe("64 stages at once", () => {
  function crowd(): readonly ProgressEvent[] {
    const ids = Array.from({ length: 64 }, (_, n) => `S${n + 1}`);
    const script = createRunScript({ stages: ids.map((id) => ({ id, workAgent: id })) });
    return [script.entry(0, claimed(), ...ids.map((id) => started(`${id}.1`)))];
  }

  test("never take more rows than there are, and the rest is counted", () => {
    expect(shown(5, crowd(), 40, 8)).toMatchInlineSnapshot(`
      "
      ● S1  5s  work by builder
      ● S2  5s  work by builder
      ● S3  5s  work by builder
      ● S4  5s  work by builder
      ● S5  5s  work by builder
      ● S6  5s  work by builder
        + 58 more
      0/64 stages done · 5s of 8h
      "
    `);
    for (let rows = 0; rows <= 70; rows += 1) {
      const lines = shown(5, crowd(), 80, rows).trim().split("\n");
      expect(lines.length).toBe(rows === 0 ? 1 : Math.min(rows, 65));
    }
  });
});

test("of a group that is too long, members that have not started and those that are over go first", () => {
  const ids = Array.from({ length: 9 }, (_, n) => `M${n + 1}`);
  const script = createRunScript({
    stages: ids.map((id) => ({ id, workAgent: id })),
    groups: [{ name: "crowd", stages: ids, maxConcurrent: 4 }],
  });
  const events = [
    script.entry(0, claimed(), ...ids.slice(0, 6).map((id) => started(`${id}.1`))),
    script.entry(10, settled("M1.1"), completed("M1"), settled("M3.1", failed()), stageFailed("M3")),
  ];
  expect([11, 10, 8, 6, 3, 2, 1].map((rows) => shown(12, events, 60, rows)).join("")).toMatchInlineSnapshot(`
    "
    ┌ crowd  1 of 9 done, 1 failed, 4 running
    │ ✓ M1      10s  completed  22.6k tok $0.61
    │ ● M2      12s  work by builder
    │ ✗ M3      10s  failed: claude ended with exit code 1 [AGE…
    │ ● M4      12s  work by builder
    │ ● M5      12s  work by builder
    │ ● M6      12s  work by builder
    │ · M7           not started
    │ · M8           not started
    └ · M9           not started
    1/9 done · 1 failed · 12s/8h · 22.6k+ tok · $0.61+

    ┌ crowd  1 of 9 done, 1 failed, 4 running
    │ ✓ M1      10s  completed  22.6k tok $0.61
    │ ● M2      12s  work by builder
    │ ✗ M3      10s  failed: claude ended with exit code 1 [AGE…
    │ ● M4      12s  work by builder
    │ ● M5      12s  work by builder
    │ ● M6      12s  work by builder
    └ · M7           not started
      + 2 more
    1/9 done · 1 failed · 12s/8h · 22.6k+ tok · $0.61+

    ┌ crowd  1 of 9 done, 1 failed, 4 running
    │ ● M2      12s  work by builder
    │ ✗ M3      10s  failed: claude ended with exit code 1 [AGE…
    │ ● M4      12s  work by builder
    │ ● M5      12s  work by builder
    └ ● M6      12s  work by builder
      + 4 more
    1/9 done · 1 failed · 12s/8h · 22.6k+ tok · $0.61+

    ┌ crowd  1 of 9 done, 1 failed, 4 running
    │ ● M2      12s  work by builder
    │ ● M4      12s  work by builder
    └ ● M5      12s  work by builder
      + 6 more
    1/9 done · 1 failed · 12s/8h · 22.6k+ tok · $0.61+

    ─ crowd  1 of 9 done, 1 failed, 4 running
      + 9 more
    1/9 done · 1 failed · 12s/8h · 22.6k+ tok · $0.61+

      + 9 more
    1/9 done · 1 failed · 12s/8h · 22.6k+ tok · $0.61+

    1/9 done · 1 failed · 12s/8h · 22.6k+ tok · $0.61+
    "
  `);
});

test("of a group of hundreds only the members at work are rows", () => {
  const ids = Array.from({ length: 300 }, (_, n) => `M${n + 1}`);
  const script = createRunScript({
    stages: ids.map((id) => ({ id, workAgent: id })),
    groups: [{ name: "crowd", stages: ids }],
  });
  const events = [
    script.entry(0, claimed(), ...["M1", "M2", "M299"].map((id) => started(`${id}.1`))),
    script.entry(10, settled("M2.1"), completed("M2"), started("M3.1")),
  ];
  expect(shown(12, events, 60)).toMatchInlineSnapshot(`
    "
    ┌ crowd  1 of 300 done, 3 running
    │ ● M1        12s  work by builder
    │ ● M3         2s  work by builder
    └ ● M299      12s  work by builder
    1/300 stages done · 12s of 8h · 22.6k tokens · $0.61
    "
  `);
});
