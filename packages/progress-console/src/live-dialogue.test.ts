import { expect, test } from "vitest";
import { createFakeHost, createFakeSink } from "../test/fake-host.js";
import { claimed, completed, createRunScript, START, settled, started } from "../test/run-script.js";
import { createScreen, type Screen } from "../test/screen.js";
import { createLiveReporter } from "./live-reporter.js";
import { createWallClock } from "./wall-clock.js";

test("while a question stands there are no rows, and nothing is written; then both come", async () => {
  const fake = createFakeHost(START);
  const terminal = createFakeSink(true);
  const screen = (): Screen => {
    const shown = createScreen(80, 24);
    shown.write(terminal.text());
    return shown;
  };
  let [isOpen, listener]: [boolean, () => void] = [false, () => {}];
  const dialogue = {
    isOpen: () => isOpen,
    onChange: (given: () => void) => {
      listener = given;
      return () => {
        listener = () => {};
      };
    },
  };
  const change = (now: boolean): void => {
    isOpen = now;
    listener();
  };
  const host = { ...fake, dialogue, streams: { stdout: fake.streams.stdout, stderr: terminal } };
  const reporter = createLiveReporter(host, { isColoured: false, wallClock: createWallClock("UTC") });
  const script = createRunScript({
    stages: [
      { id: "A", workAgent: "a" },
      { id: "B", workAgent: "b" },
    ],
  });
  reporter.report(script.entry(0, claimed(), started("A.1"), started("B.1")));
  change(true);
  terminal.write("Allow it? [y/N] ");
  expect(screen().isCursorVisible).toBe(true);
  reporter.report(script.entry(1, settled("A.1"), completed("A")));
  terminal.resize(90, 24);
  await fake.clock.advance(5000);
  const asked = screen().text();
  terminal.write("y\n");
  change(false);
  expect(`\n${asked}\n----\n${screen().text()}\n`).toMatchInlineSnapshot(`
    "
    run dark-mode-1 started: "Add a dark mode", workflow default, 2 stages
    Allow it? [y/N]
    ----
    run dark-mode-1 started: "Add a dark mode", workflow default, 2 stages
    Allow it? [y/N] y
    ✓ A completed in 1.0s
    ● B       5s  work by builder
    1/2 stages done · 5s of 8h · 22.6k tokens · $0.61
    "
  `);
  await reporter.close?.();
  change(false);
  expect(screen().isCursorVisible).toBe(true);
});
