import { execFile } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { changedFiles, copyExample, EXAMPLES } from "./examples.js";
import { eventsOf, type JournalEvent, statusOf } from "./harness.js";

const DEMO = join(EXAMPLES, "objective-demo");
/** Copies of the final tree that are tested at the same time. */
const COPIES = 2;
const SLOW_MS = 300_000;

interface Mutant {
  readonly file: string;
  /** From 0. */
  readonly line: number;
  readonly text: string;
}

test(
  "the demo performs the whole workflow, and its tests fail if any one line of its code is undone",
  async () => {
    const project = await copyExample("objective-demo");
    const agent = `all=replay:${join(DEMO, "cassette.jsonl")}`;
    const { code, stdout } = await project.run("run", join(DEMO, "objective.md"), "--agent", agent);
    expect({ code, stdout: stdout.replace(/Done: \S+\./, "Done: RUN.") }).toEqual({
      code: 0,
      stdout: `Done: RUN. 14 completed of 14 stages.
  ACCEPTANCE_TEST: 0 of 7 scenarios passed; not linked to a test: AT-001, AT-002, AT-003, AT-004, AT-005, AT-006, AT-007
`,
    });
    expect((await statusOf(project)).run).toBe("succeeded");
    checkStory(eventsOf(project));
    const changed = changedFiles(project.folder);
    const features: readonly string[] = JSON.parse(readFileSync(join(DEMO, "feature-files.json"), "utf8"));
    expect(changed).toEqual(expect.arrayContaining([...features]));
    expect(await passes(project.folder)).toBe(true);
    const mutants = features.flatMap((file) => mutantsOf(project.folder, file));
    expect(mutants.length).toBeGreaterThan(50);
    expect(await survivorsOf(project.folder, mutants)).toEqual([]);
  },
  SLOW_MS,
);

/** What the demo is meant to show, as its journal has it. */
function checkStory(events: readonly JournalEvent[]): void {
  const at = (type: string, turn: string) => events.findIndex((event) => event.type === type && event.turn === turn);
  expect(at("turn.started", "TEST_STRATEGY.1")).toBeGreaterThan(-1);
  expect(at("turn.started", "TEST_STRATEGY.1")).toBeLessThan(at("turn.settled", "RESEARCH.1"));
  expect(at("turn.started", "RESEARCH.1")).toBeLessThan(at("turn.settled", "TEST_STRATEGY.1"));
  const verdicts = events.filter(({ type, stage }) => type === "review.concluded" && stage === "SPEC_REVIEW");
  expect(verdicts.map(({ round, verdict }) => [round, verdict?.decision])).toEqual([
    [1, "rejected"],
    [2, "approved"],
  ]);
  const checks = events.flatMap(({ type, turn, result }) =>
    type === "turn.settled" && turn?.startsWith("ACCEPTANCE_TEST.") && result?.checks !== undefined
      ? [result.checks.map(({ passed }) => passed)]
      : [],
  );
  // the command that decides, and the scenarios, of which none has failed and none is linked to a test
  expect(checks).toEqual([
    [false, true],
    [true, true],
  ]);
}

/** Each line of code that can be left out: no blank lines, comments, or lines of brackets, commas and semicolons only. */
function mutantsOf(folder: string, file: string): readonly Mutant[] {
  return readFileSync(join(folder, file), "utf8")
    .split("\n")
    .map((text, line) => ({ file, line, text: text.trim() }))
    .filter(({ text }) => !/^(?:\/\/|\/\*|\*)/.test(text) && !/^[\s()[\]{},;]*$/.test(text));
}

/** The mutants that the tests do not notice. */
async function survivorsOf(folder: string, mutants: readonly Mutant[]): Promise<readonly Mutant[]> {
  const left = [...mutants];
  const survivors: Mutant[] = [];
  const work = async (): Promise<void> => {
    const copy = await mkdtemp(join(tmpdir(), "troupe-demo-"));
    onTestFinished(() => rm(copy, { recursive: true, force: true, maxRetries: 5 }));
    cpSync(folder, copy, { recursive: true, filter: (path) => !/\/\.(?:git|troupe)$/.test(path) });
    expect(await passes(copy)).toBe(true);
    for (let mutant = left.shift(); mutant !== undefined; mutant = left.shift()) {
      const path = join(copy, mutant.file);
      const sound = readFileSync(path, "utf8");
      writeFileSync(path, sound.split("\n").toSpliced(mutant.line, 1).join("\n"));
      // what fails in the file's own tests fails in the whole, and is known sooner
      if ((await passes(copy, ownTests(mutant.file))) && (await passes(copy))) survivors.push(mutant);
      writeFileSync(path, sound);
    }
  };
  await Promise.all(Array.from({ length: COPIES }, work));
  return survivors;
}

function ownTests(file: string): readonly string[] {
  return [`test/${basename(file, ".js")}.test.js`];
}

/** Whether the tests of the folder pass, all or those named; tests that do not end have not passed. */
async function passes(folder: string, files: readonly string[] = []): Promise<boolean> {
  const { NODE_OPTIONS: _, NODE_TEST_CONTEXT: __, ...env } = process.env; // this test's own settings are not theirs
  return await new Promise((resolve) => {
    const child = execFile(process.execPath, ["--test", ...files], { cwd: folder, env, timeout: 30_000 }, (error) =>
      resolve(error === null),
    );
    child.stdin?.end();
  });
}
