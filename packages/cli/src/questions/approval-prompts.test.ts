import { expect, test } from "vitest";
import { cassette, createCli, OBJECTIVE, pluginModule, type TestCli } from "../../test/cli-harness.js";
import type { CliHost } from "../cli-host.js";
import { readApprovalAnswer } from "./approval-question.js";

const PLAN = { stage: "PLAN", output: "a plan\nof two lines\u001b[2J", files: [artifact("first\n")] };
const FIX = { stage: "PLAN", turn: "fix", round: 2, output: "a better plan", files: [artifact("second\n")] };
const FILES: Readonly<Record<string, string>> = {
  "objective.md": OBJECTIVE,
  "stages.yaml": `stages:
  PLAN: { work_agent: worker, artifacts: [plan.md], approval: true }
  BUILD: { work_agent: worker, artifacts: [] }
`,
  "tape.jsonl": cassette(PLAN, FIX, { stage: "BUILD", output: "built" }),
  "troupe.yaml": 'agents:\n  default: ["replay", { file: tape.jsonl }]\n',
};

function artifact(content: string): object {
  return { path: "plan.md", content, root: "artifacts" };
}

/** A person who answers each question with the next of these words; without any left the question stands. */
function createPerson(...answers: readonly string[]): {
  readonly ask: NonNullable<CliHost["ask"]>;
  readonly asked: string[];
  /** How many of the questions were taken away. */
  withdrawn(): number;
} {
  const asked: string[] = [];
  let withdrawn = 0;
  return {
    asked,
    withdrawn: () => withdrawn,
    ask: (question, signal) => {
      const answer = answers[asked.length];
      asked.push(question);
      if (answer !== undefined) return Promise.resolve(answer);
      return new Promise((_resolve, reject) => {
        const withdraw = (): void => {
          withdrawn += 1;
          reject(signal?.reason);
        };
        signal?.addEventListener("abort", withdraw, { once: true });
      });
    },
  };
}

const eventsOf = (cli: TestCli): readonly string[] =>
  [...cli.read(`.troupe/runs/${cli.runId()}/journal.jsonl`).matchAll(/"t(?:ype)?":"((?:approval|run)\.[\w-]+)"/g)].map(
    ([, type]) => type ?? "",
  );

test("the person at the terminal sees what is to be judged, rejects it with words and then approves it", async () => {
  const cli = await createCli(FILES);
  const person = createPerson("hm", "r", "shorter", "a looks good");
  const { code, stdout } = await cli.runWith({ ask: person.ask }, "run", "objective.md", "-q");
  expect([code, stdout]).toEqual([0, "Done: RUN. 2 completed of 2 stages.\n"]);
  const [first, again, words, second] = person.asked.map((text) =>
    text.replaceAll(cli.folder, "PROJECT").replaceAll(cli.runId(), "RUN"),
  );
  expect(first).toMatchInlineSnapshot(`
    "
    PLAN waits for you: PLAN.1
      file     PROJECT/.troupe/runs/RUN/artifacts/PLAN.1/plan.md
      log      troupe logs RUN PLAN
      | a plan
      | of two lines
    a [words] = approve, r [what must change] = reject, Enter = decide later (the run waits): "
  `);
  expect([again, words]).toEqual([`Not understood: hm\n${first}`, "What must change? "]);
  expect(second).toMatchInlineSnapshot(`
    "
    PLAN waits for you: PLAN.2, round 2 of 4
      file     PROJECT/.troupe/runs/RUN/artifacts/PLAN.2/plan.md
      log      troupe logs RUN PLAN
      | a better plan
    a [words] = approve, r [what must change] = reject, Enter = decide later (the run waits): "
  `);
  expect(eventsOf(cli)).toEqual([
    "run.created",
    "run.claimed",
    "approval.requested",
    "approval.denied",
    "approval.requested",
    "approval.granted",
    "run.finished",
  ]);
  expect(cli.read(`.troupe/runs/${cli.runId()}/journal.jsonl`)).toContain('"by":"tester","message":"looks good"');
});

test("what is left for later ends the run with exit 8, and the resume asks again", async () => {
  const cli = await createCli(FILES);
  const later = createPerson("");
  const first = await cli.runWith({ ask: later.ask }, "run", "objective.md", "-q");
  expect([first.code, first.stdout]).toMatchInlineSnapshot(`
    [
      8,
      "Waiting for a person: RUN. 0 completed of 2 stages.
      PLAN (PLAN.1):
        troupe approve RUN PLAN --turn PLAN.1
        troupe reject RUN PLAN --turn PLAN.1 -m "what must change"
    ",
    ]
  `);
  const now = createPerson("y");
  expect((await cli.runWith({ ask: now.ask }, "resume", "-q")).code).toBe(0);
  expect(now.asked).toHaveLength(1);
});

test("an answer from another terminal takes the question away, and the run goes on", async () => {
  const cli = await createCli(FILES);
  const person = createPerson();
  const running = cli.runWith({ ask: person.ask }, "run", "objective.md");
  await cli.journaled("approval.requested");
  await expect.poll(() => person.asked).toHaveLength(1);
  expect((await cli.run("status")).stdout).toMatch(/^Run RUN: running\n[\s\S]*PLAN +waiting[\s\S]*troupe approve RUN/);
  const { stderr } = await cli.run("reject", cli.runId(), "PLAN", "-m", "more");
  expect(stderr).toBe("Its process goes on with it: troupe watch RUN\n");
  await expect.poll(() => person.asked).toHaveLength(2);
  await cli.run("approve", cli.runId(), "PLAN");
  const { code, stderr: told } = await running;
  expect([code, told]).toEqual([0, expect.stringContaining("· PLAN rejected by tester: more")]);
  expect(person.asked).toHaveLength(2);
});

test("a cancellation from another terminal takes the question away", async () => {
  const cli = await createCli(FILES);
  const person = createPerson();
  const running = cli.runWith({ ask: person.ask }, "run", "objective.md", "-q");
  await expect.poll(() => person.asked).toHaveLength(1);
  expect((await cli.run("cancel", cli.runId())).code).toBe(0);
  expect(await running).toEqual({ code: 1, stdout: "Cancelled: RUN.\n", stderr: "" });
});

test.each(["SIGINT", "SIGTERM"] as const)("%s at the prompt saves the run, whose question stays open", async (name) => {
  const cli = await createCli(FILES);
  const person = createPerson();
  const running = cli.runWith({ ask: person.ask }, "run", "objective.md");
  await expect.poll(() => person.asked).toHaveLength(1);
  cli.signal(name);
  expect(person.withdrawn()).toBe(1); // at once: the disk may be full, and then the stop is not recorded
  const { code, stdout } = await running;
  expect([code, stdout]).toEqual([name === "SIGINT" ? 130 : 143, "Saved. Resume with: troupe resume RUN\n"]);
  expect((await cli.run("status")).stdout).toMatch(/^Run RUN: interrupted\n[\s\S]*PLAN +waiting/);
  expect((await cli.run("approve", cli.runId(), "PLAN")).code).toBe(0);
  expect((await cli.run("resume", "-q")).code).toBe(0);
});

test("a member of a group that waits is asked about while its siblings run, and an agent's question goes before it", async () => {
  const cli = await createCli({
    ...FILES,
    "stages.yaml": `stages:
  A: { work_agent: a, artifacts: [], writes: artifacts, approval: true }
  B: { work_agent: b, artifacts: [], writes: artifacts }
parallel_groups: { two: { stages: [A, B] } }
`,
    "tape.jsonl": cassette({ stage: "A", agent: "a" }),
    "asking.mjs": pluginModule(
      "agent",
      `(options, { projectFolder }) => ({
    run: async (request, { ask }) => {
      const { existsSync } = process.getBuiltinModule("node:fs");
      while (!existsSync(projectFolder + "/go")) await new Promise((resolve) => setTimeout(resolve, 5));
      return { output: await ask("May I?"), session: null, usage: null };
    },
  })`,
    ),
    "troupe.yaml": `agents:
  a: ["replay", { file: tape.jsonl }]
  b: { plugin: ./asking.mjs, access: ask }
`,
  });
  const asked: string[] = [];
  const ask: CliHost["ask"] = (question, signal) => {
    asked.push(/waits for you|May I/.exec(question)?.[0] ?? question);
    if (asked.length > 1) return Promise.resolve("yes");
    return new Promise((_resolve, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  };
  const running = cli.runWith({ ask }, "run", "objective.md", "-q");
  await expect.poll(() => asked).toEqual(["waits for you"]);
  await cli.write("go", "");
  expect((await running).code).toBe(0);
  expect(asked).toEqual(["waits for you", "May I", "waits for you"]);
});

test("only clear words are an answer", () => {
  expect(
    ["a", "Approve  fine by me ", "yes", "r", "reject too long", "n", " ", "later", "ok", "abc", "ra"].map(
      readApprovalAnswer,
    ),
  ).toEqual([
    { do: "approve", message: null },
    { do: "approve", message: "fine by me" },
    { do: "approve", message: null },
    { do: "reject", message: null },
    { do: "reject", message: "too long" },
    { do: "reject", message: null },
    { do: "later" },
    { do: "later" },
    { do: "again", typed: "ok" },
    { do: "again", typed: "abc" },
    { do: "again", typed: "ra" },
  ]);
});

test("from another folder the question's command has the flag that leads back", async () => {
  const cli = await createCli(FILES);
  const person = createPerson("a");
  await cli.runWith({ ask: person.ask }, "--cwd", cli.folder, "run", "objective.md", "-q");
  expect(person.asked[0]).toContain(`troupe --cwd ${cli.folder} logs ${cli.runId()} PLAN`);
});
