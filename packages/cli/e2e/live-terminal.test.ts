import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createProject, OBJECTIVE, statusOf, stepWorkflow, type TestProject } from "./harness.js";
import { noTmux, openTmux, type Terminal } from "./tmux.js";

const IN_TIME = { timeout: 60_000, interval: 50 };
const BEFORE = Array.from({ length: 40 }, (_, n) => `before ${n}`);
const GROUP = { three: { stages: ["B", "C", "D"] } };

interface Stage {
  readonly project: TestProject;
  readonly terminal: Terminal;
}

/** A terminal with a past, in which a run has its group at work: B and C are held, D is over. */
async function startHeld(): Promise<Stage> {
  const project = await createProject({
    "objective.md": OBJECTIVE,
    "stages.yaml": stepWorkflow(["A", "B", "C", "D", "LAST"], GROUP, { B: "talk.mjs" }),
    "talk.mjs": TALK,
    "hold-C": "",
  });
  const terminal = openTmux(project, { columns: 80, rows: 20 });
  // the line break: what is typed ahead of the first prompt is shown before it
  terminal.type('echo; n=0; while [ $n -lt 40 ]; do echo "before $n"; n=$((n+1)); done');
  terminal.type("troupe run objective.md; echo exit=$?");
  await expect.poll(() => terminal.screen(), IN_TIME).toMatch(/┌ three {2}1 of 3 done, 2 running\n.*talking/);
  return { project, terminal };
}

/** Resizes, and waits until the view is drawn for this size and has been drawn again a second later. */
async function resize({ terminal }: Stage, columns: number, rows: number): Promise<void> {
  const row = (): string => /^│ ● B.*$/m.exec(terminal.screen())?.[0] ?? "";
  const elapsed = (): string => / (\d+s) /.exec(row())?.[1] ?? "";
  terminal.resize(columns, rows);
  await expect.poll(() => row().length, IN_TIME).toBe(columns - 1); // its text is cut where the terminal ends
  const before = elapsed();
  await expect.poll(elapsed, IN_TIME).not.toBe(before);
}

/** Lines of the live view that are on the terminal, scrollback included. */
function liveRows(text: string): readonly string[] {
  return text
    .split("\n")
    .filter((line) => /^[┌│└─] |^\d\/\d (?:stages )?done/.test(line))
    .map((line) =>
      line
        .replace(/\d+s\b/g, "Ns")
        .replace(/ {2,}/g, "  ")
        .replace(/ {2}talking.*/, "  talking"),
    );
}

function pastOf(text: string): readonly string[] {
  return text.split("\n").filter((line) => /^before \d+$/.test(line));
}

async function endOf({ terminal }: Stage): Promise<string> {
  await expect.poll(() => terminal.all(), IN_TIME).toMatch(/^exit=\d+$/m);
  return terminal.all();
}

/** Echo, line editing, a visible cursor: as a shell wants it. */
async function expectRestored({ terminal }: Stage): Promise<void> {
  expect(terminal.isCursorVisible()).toBe(true);
  terminal.type(
    "stty -a | tr ' ' '\\n' | grep -cE '^-?(echo|icanon|isig);?$'; stty -a | tr ' ' '\\n' | grep -E '^(echo|icanon|isig);?$' | wc -l; echo shown",
  );
  await expect.poll(() => terminal.all(), IN_TIME).toMatch(/^3\n3\nshown$/m);
}

describe.skipIf(noTmux !== null)(`in a real terminal${noTmux === null ? "" : ` (left out: ${noTmux})`}`, () => {
  test("the live view survives any resizing, and leaves the scrollback and a clean terminal behind", async () => {
    const stage = await startHeld();
    const { project, terminal } = stage;
    expect(liveRows(terminal.all())).toEqual([
      "┌ three  1 of 3 done, 2 running",
      "│ ● B  Ns  command  talking",
      "│ ● C  Ns  command",
      "└ ✓ D  Ns  completed",
      "2/5 stages done · Ns of 8h",
    ]);
    for (const [columns, rows] of [
      [40, 20],
      [120, 30],
      [30, 12],
      [80, 20],
    ] as const) {
      await resize(stage, columns, rows);
      expect(liveRows(terminal.all())).toHaveLength(5);
      expect(pastOf(terminal.all())).toEqual(BEFORE);
    }
    await project.write("go-B", "");
    await expect.poll(() => terminal.screen(), IN_TIME).toMatch(/^✓ \[three\] B completed in /m);
    await project.write("go-C", "");
    const text = await endOf(stage);
    expect(text).toMatch(/^exit=0$/m);
    expect(liveRows(text)).toEqual([]);
    expect(pastOf(text)).toEqual(BEFORE);
    const ends = text.split("\n").filter((line) => line.startsWith("✓ "));
    expect(ends.map((line) => line.replace(/ in .*/, "")).toSorted()).toEqual([
      "✓ A completed",
      "✓ LAST completed",
      "✓ [three] B completed",
      "✓ [three] C completed",
      "✓ [three] D completed",
    ]);
    await expectRestored(stage);
  });

  test("in a terminal of few rows the view stays within it, and what is hidden is counted", async () => {
    const stage = await startHeld();
    const { terminal, project } = stage;
    terminal.resize(80, 4);
    await expect.poll(() => terminal.screen(), IN_TIME).toMatch(/\+ \d more/);
    for (const name of ["go-B", "go-C"]) await project.write(name, "");
    expect(pastOf(await endOf(stage))).toEqual(BEFORE);
    await expectRestored(stage);
  });

  test.each<[string, (stage: Stage) => void, number]>([
    ["Ctrl+C", ({ terminal }) => terminal.press("C-c"), 130],
    ["kill -TERM", ({ project }) => endRunner(project, "SIGTERM"), 143],
    ["kill -HUP", ({ project }) => endRunner(project, "SIGHUP"), 129],
  ])("after %s the terminal is as it was, and what to do next stands there", async (_how, end, code) => {
    const stage = await startHeld();
    end(stage);
    const text = await endOf(stage);
    expect(text).toMatch(new RegExp(`^exit=${code}$`, "m"));
    expect(text).toMatch(/^Saved\. Resume with: troupe resume \S+$/m);
    expect([liveRows(text), pastOf(text)]).toEqual([[], BEFORE]);
    await expectRestored(stage);
    expect((await statusOf(stage.project)).run).toBe("interrupted");
  });

  test("after kill -9 the cursor is there, below the rows that nobody could take away", async () => {
    const stage = await startHeld();
    endRunner(stage.project, "SIGKILL");
    const text = await endOf(stage);
    expect(text).toMatch(/^\d\/5 stages done .*\n(?:Killed\n)?exit=137$/m);
    expect(pastOf(text)).toEqual(BEFORE);
    await expectRestored(stage);
    expect((await statusOf(stage.project)).run).toBe("stalled");
  });

  test("after a crash of the process the cursor is there", async () => {
    const project = await createProject({
      "objective.md": OBJECTIVE,
      "stages.yaml": "stages:\n  A: { work_agent: bomb, artifacts: [] }\n",
      "troupe.yaml": "agents: { default: ./bomb.mjs }\n",
      "bomb.mjs": BOMB,
    });
    const stage = { project, terminal: openTmux(project, { columns: 80, rows: 20 }) };
    stage.terminal.type("troupe run objective.md; echo exit=$?");
    await expect.poll(() => stage.terminal.screen(), IN_TIME).toMatch(/^● A /m);
    await project.write("go", "");
    expect(await endOf(stage)).toContain("Error: a bug in a plugin");
    await expectRestored(stage);
  });
});

/** Signals the process that performs the project's only run. */
function endRunner(project: TestProject, signal: NodeJS.Signals): void {
  const journal = readFileSync(`${project.runFolder()}/journal.jsonl`, "utf8");
  process.kill(Number(/"pid":(\d+)/.exec(journal)?.[1]), signal);
}

/** A stage that says something long, and ends when the test wants it. */
const TALK = `import { existsSync } from "node:fs";
console.log("talking ".repeat(40));
const timer = setInterval(() => existsSync("go-B") && clearInterval(timer), 20);
`;

/** An agent within the process, that throws where nobody catches. */
const BOMB = `import { existsSync } from "node:fs";
export default {
  kind: "agent",
  name: "bomb",
  apiVersion: 1,
  options: { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) } },
  create: () => ({
    run: () => new Promise(() => setInterval(() => {
      if (existsSync("go")) throw new Error("a bug in a plugin");
    }, 20)),
  }),
};
`;
