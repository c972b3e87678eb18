import { expect, test } from "vitest";
import { createFakeHost, createFakeSink } from "../test/fake-host.js";
import { claimed, createRunScript, START, started } from "../test/run-script.js";
import { createScreen } from "../test/screen.js";
import { createLiveReporter } from "./live-reporter.js";
import { createWallClock } from "./wall-clock.js";

test("what a shell writes while the process is stopped stays, also when the news of that come after a redraw is due", async () => {
  const screen = createScreen(80, 24);
  const goOn = new Set<() => void>();
  const terminal = {
    ...createFakeSink(true),
    write: (text: string) => screen.write(text),
    onContinue(listener: () => void) {
      goOn.add(listener);
      return () => goOn.delete(listener);
    },
  };
  const fake = createFakeHost(START);
  let stoppedMs = 0;
  const clock = { ...fake.clock, monotonic: () => fake.clock.monotonic() + stoppedMs };
  const host = { ...fake, clock, streams: { stdout: fake.streams.stdout, stderr: terminal } };
  const reporter = createLiveReporter(host, { isColoured: false, wallClock: createWallClock("UTC") });
  const script = createRunScript({ stages: [{ id: "A", workAgent: "a" }] });
  reporter.report(script.entry(0, claimed(), started("A.1")));
  await fake.clock.advance(900);
  screen.write("[1]+ Stopped\n$ fg\n");
  stoppedMs = 5_000;
  await fake.clock.advance(100); // the tick is due, and asks for a redraw
  for (const listener of goOn) listener();
  await fake.clock.advance(500);
  expect(screen.text().split("\n")).toMatchInlineSnapshot(`
    [
      "run dark-mode-1 started: "Add a dark mode", workflow default, 1 stage",
      "● A       0s  work by builder",
      "0/1 stages done · 0s of 8h",
      "[1]+ Stopped",
      "$ fg",
      "● A       1s  work by builder",
      "0/1 stages done · 1s of 8h",
    ]
  `);
  await reporter.close?.();
  expect(goOn.size).toBe(0);
});
