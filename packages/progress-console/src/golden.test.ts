import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import { createFakeHost, createFakeSink } from "../test/fake-host.js";
import { START } from "../test/run-script.js";
import { type Scene, scenes, wholeRun } from "../test/scenes.js";
import type { ConsoleModel } from "./console-model.js";
import { createConsoleReporter } from "./console-reporter.js";
import { createConsoleModel } from "./create-console-model.js";
import { ASCII_GLYPHS } from "./glyphs.js";
import type { ConsoleOptions } from "./reporter-options.js";
import { type ViewSize, view } from "./view.js";
import { createWallClock } from "./wall-clock.js";

const COLUMNS = [20, 40, 60, 80, 120, 200];
const ROWS = [5, 10, 24, 60];

function modelOf({ events, seconds }: Scene): ConsoleModel {
  const source = createConsoleModel(createWallClock("UTC"));
  for (const event of events()) source.apply(event);
  return source.at(START + seconds * 1000);
}

/** All sizes of a scene; one that looks like a lower one is only named. */
function pictures(model: ConsoleModel, look: Omit<ViewSize, "columns" | "rows">): string {
  const parts = COLUMNS.flatMap((columns) => {
    let before = "";
    return ROWS.map((rows) => {
      const picture = view(model, { columns, rows, ...look }).join("\n");
      const isSame = picture === before;
      before = picture;
      return `== ${columns} x ${rows}${isSame ? ": the same" : `\n${picture}`}\n`;
    });
  });
  return visible(parts.join(""));
}

function visible(text: string): string {
  return text.replaceAll("\u001b", "␛");
}

describe.each(scenes)("the live view of scene $name", (scene) => {
  const model = modelOf(scene);

  test("looks as recorded at every size", async () => {
    await expect(pictures(model, {})).toMatchFileSnapshot(`../test/golden/${scene.name}.txt`);
  });

  test("looks as recorded in ASCII, and is ASCII", async () => {
    const ascii = pictures(model, { glyphs: ASCII_GLYPHS });
    expect(/^[\n -~]*$/.test(ascii)).toBe(true);
    await expect(ascii).toMatchFileSnapshot(`../test/golden/${scene.name}.ascii.txt`);
  });

  test("fits any size, and differs with colours in nothing but colours", () => {
    for (let columns = 1; columns <= 200; columns += 7) {
      for (const rows of [1, 2, 3, 5, 8, 13, 24, 60]) {
        const lines = view(model, { columns, rows });
        expect(lines.length).toBeLessThanOrEqual(rows);
        expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(columns);
        const coloured = view(model, { columns, rows, isColoured: true });
        // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes are what is taken away
        expect(coloured.map((line) => line.replace(/\u001b\[\d+m/g, ""))).toEqual(lines);
      }
    }
  });
});

const modes: readonly [string, boolean, Readonly<Record<string, string>>, ConsoleOptions][] = [
  ["terminal", true, { TERM: "xterm-256color", LANG: "C.UTF-8" }, {}],
  ["terminal-no-color", true, { TERM: "xterm-256color", NO_COLOR: "1" }, {}],
  ["terminal-ascii", true, { TERM: "xterm", LANG: "C" }, {}],
  ["terminal-dumb", true, { TERM: "dumb" }, {}],
  ["terminal-plain", true, { TERM: "xterm" }, { mode: "plain" }],
  ["pipe", false, {}, {}],
  ["pipe-ascii", false, { LC_ALL: "POSIX", LANG: "C.UTF-8" }, {}],
  ["pipe-force-color", false, { FORCE_COLOR: "3" }, {}],
  ["pipe-plain", false, {}, { mode: "plain", color: false }],
  ["ci", true, { CI: "true", TERM: "xterm" }, {}],
  ["github", false, { CI: "true", GITHUB_ACTIONS: "true" }, {}],
];

test.each(modes)("a whole run, %s, is written as recorded", async (name, isTerminal, environment, options) => {
  const host = createFakeHost(START, createFakeSink(isTerminal), environment);
  const reporter = createConsoleReporter({ timeZone: "UTC", ...options }, host);
  const isLive = isTerminal && name !== "ci" && !["terminal-dumb", "terminal-plain"].includes(name);
  for (const event of wholeRun()) {
    // a redraw for each event is enough to see; lines have their sign of life each minute
    if (isLive) await host.clock.advance(300);
    else if (event.type === "entry") await host.clock.advance(event.entry.at - host.clock.now());
    reporter.report(event);
  }
  await reporter.close?.();
  expect([host.logged, host.streams.stdout.text()]).toEqual([[], ""]);
  const shown = host.streams.stderr.writes.map(visible).join(isLive ? "\n" : "");
  await expect(shown).toMatchFileSnapshot(`../test/golden/mode-${name}.txt`);
});
