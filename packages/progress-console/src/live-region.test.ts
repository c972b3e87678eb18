import type { TextSink } from "@troupe/core";
import { expect, test } from "vitest";
import { createScreen, type Screen } from "../test/screen.js";
import { createLiveRegion, type LiveRegion } from "./live-region.js";

interface Stage {
  readonly region: LiveRegion;
  readonly screen: Screen;
  readonly writes: readonly string[];
  resize(columns: number, rows: number): void;
}

const BEFORE = ["before 1", "before 2", "before 3", "before 4"];

function createStage(columns: number, rows: number): Stage {
  const screen = createScreen(columns, rows);
  const writes: string[] = [];
  let size = { columns, rows };
  const sink: TextSink = {
    isTerminal: true,
    size: () => size,
    write(text) {
      writes.push(text);
      screen.write(text);
    },
  };
  screen.write(BEFORE.map((line) => `${line}\n`).join(""));
  return {
    region: createLiveRegion(sink),
    screen,
    writes,
    resize(newColumns, newRows) {
      size = { columns: newColumns, rows: newRows };
      screen.resize(newColumns, newRows);
    },
  };
}

function linesOf({ screen }: Stage): readonly string[] {
  return screen.text().split("\n");
}

test("rows that have not changed are not written again, and a picture like the last one not at all", () => {
  const { region, screen, writes } = createStage(40, 12);
  region.draw([], ["one", "two", "three"]);
  region.draw([], ["one", "two", "three"]);
  region.draw([], ["one", "TWO", "three"]);
  expect(screen.text().split("\n")).toEqual([...BEFORE, "one", "TWO", "three"]);
  expect(writes.slice(1)).toEqual([
    "\u001b[?2026h\u001b[?25l\u001b[2A\u001b[GTWO\u001b[K\u001b[2B\u001b[G\u001b[?25h\u001b[?2026l",
  ]);
});

test("a region of no rows writes nothing but what lasts", () => {
  const { region, screen, writes } = createStage(40, 12);
  region.draw([], []);
  expect(writes).toEqual([]);
  region.draw(["lasting"], []);
  expect(screen.text().split("\n")).toEqual([...BEFORE, "lasting"]);
});

test("what a key has echoed below the rows does not move them", () => {
  const { region, screen } = createStage(40, 12);
  region.draw([], ["one", "two"]);
  screen.write("^C");
  region.draw([], ["one", "TWO"]);
  screen.write("^C");
  region.draw(["lasting"], ["one"]);
  expect(screen.text().split("\n")).toEqual([...BEFORE, "lasting", "one"]);
});

/** It fits: a row for each letter, as wide as the terminal or less, and fewer of them than it has rows. */
function picture(letters: string, columns: number, rows: number): readonly string[] {
  return [...letters].slice(0, rows - 1).map((letter) => letter.repeat(columns - 1));
}

test("rows that a smaller terminal moved out of reach are gone when it is made larger again", () => {
  const stage = createStage(30, 12);
  stage.region.draw([], picture("abcdefgh", 9, 12));
  for (const [columns, rows] of [
    [30, 4],
    [11, 5],
    [20, 3],
    [30, 9],
    [30, 30],
  ] as const) {
    stage.resize(columns, rows);
    stage.region.draw([], picture("abcdefgh", 9, rows));
  }
  expect(linesOf(stage)).toEqual([...BEFORE, ...picture("abcdefgh", 9, 30)]);
});

test("whatever sizes a terminal takes on, nothing above the rows is erased", () => {
  const sizes = [30, 7, 12, 29, 5, 61, 8, 16].flatMap((columns) =>
    [12, 3, 7, 2, 20].map((rows) => [columns, rows] as const),
  );
  const orders = [sizes, sizes.toReversed(), sizes.toSorted(([, one], [, other]) => one - other)];
  for (const order of orders) {
    const stage = createStage(40, 12);
    stage.region.draw([], picture("abcdefgh", 40, 12));
    for (const [columns, rows] of order) {
      stage.resize(columns, rows);
      stage.region.draw([], picture("abcdefgh", columns, rows));
    }
    stage.resize(61, 40);
    stage.region.draw([], ["end"]);
    expect(linesOf(stage).slice(0, BEFORE.length)).toEqual(BEFORE);
    expect(linesOf(stage).at(-1)).toBe("end");
  }
});

test("a line that has been written since stays, and so does what is above it", () => {
  const stage = createStage(30, 12);
  stage.region.draw([], picture("abcdefgh", 9, 12));
  stage.resize(30, 4);
  stage.region.draw(["lasting"], ["now"]);
  stage.resize(30, 30);
  stage.region.draw([], ["then"]);
  expect(linesOf(stage)).toEqual([...BEFORE, ...picture("abcde", 9, 12), "lasting", "then"]);
});

test("wide letters that do not fit at the border of a narrower terminal are erased in all their rows", () => {
  const stage = createStage(59, 20);
  stage.region.draw([], [`\u001b[36mR0 t0 ${"文".repeat(26)}\u001b[39m`]);
  stage.resize(7, 20);
  stage.region.draw([], ["now"]);
  // a row of the six letters and one empty column, then three letters in each
  expect(stage.writes.at(-1)?.split("\u001b[1A")).toHaveLength(1 + 1 + 9);
});

test("what a shell has written below the rows while we were stopped stays", () => {
  const { region, screen } = createStage(40, 20);
  region.draw([], ["one", "two"]);
  screen.write("stopped\n$ fg\n");
  region.leave();
  region.draw([], ["one", "TWO"]);
  region.draw(["lasting"], ["three"]);
  expect(screen.text().split("\n")).toEqual([...BEFORE, "one", "two", "stopped", "$ fg", "lasting", "three"]);
});
