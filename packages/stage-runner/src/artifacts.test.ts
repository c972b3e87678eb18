import { mkdir, readdir, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256, type TurnTask } from "@troupe/core";
import { afterEach, describe, expect, test, vi } from "vitest";
import {
  type AgentScript,
  createContext,
  createTask,
  createTurnHarness,
  type TurnHarness,
} from "../test/turn-harness.js";

let harness: TurnHarness;
afterEach(() => harness.remove());

async function start(builder: AgentScript = async () => ({})): Promise<void> {
  harness = await createTurnHarness({ agents: { builder } });
}

test("restores what is absent or different, and leaves what is current as it is", async () => {
  await start();
  const [absent, changed, current] = [
    await harness.recorded("A", "deep/absent.md", "1"),
    await harness.recorded("B", "changed.md", "2"),
    await harness.recorded("C", "current.md", "3"),
  ];
  await harness.write("changed.md", "by hand");
  await harness.write("current.md", "3");
  const before = await stat(join(harness.latest, "current.md"));
  const task = createTask(harness, { id: "D" }, { inputs: [absent, changed, current] });
  await harness.runner.run(task, createContext());
  expect(await harness.read(join(harness.latest, "deep/absent.md"))).toBe("1");
  expect(await harness.read(join(harness.latest, "changed.md"))).toBe("2");
  expect((await stat(join(harness.latest, "current.md"))).ino).toBe(before.ino);
  // nothing is lost, not even what nobody had recorded
  expect(await harness.read(join(harness.runFolder, "artifacts", "D.1", "unfinished", "changed.md"))).toBe("by hand");
});

test("sets the unfinished files of a crashed attempt aside and names them in the prompt", async () => {
  await start();
  await harness.write("spec.md", "half a sp");
  await harness.write("sibling.md", "of another stage");
  const task = createTask(
    harness,
    { id: "SPEC", artifacts: ["spec.md"] },
    { turn: "SPEC.2", attempt: 2, before: "crashed", beforeTurn: "SPEC.1" },
  );
  const result = await harness.runner.run(task, createContext());
  const aside = join(harness.runFolder, "artifacts", "SPEC.1", "unfinished", "spec.md");
  expect(await harness.read(aside)).toBe("half a sp");
  expect(harness.requests[0]?.prompt).toContain(`- \`spec.md\`: \`${aside}\``);
  expect(harness.requests[0]?.prompt).toContain("The process that ran an earlier attempt at this turn died");
  expect(await readdir(harness.latest)).toEqual(["sibling.md"]);
  expect(result).toMatchObject({ status: "succeeded", artifacts: [] });
});

test("restores the recorded version in place of an unfinished one", async () => {
  await start();
  const recorded = await harness.recorded("SPEC", "spec.md", "whole");
  await harness.write("spec.md", "half");
  const task = createTask(
    harness,
    { id: "SPEC", artifacts: ["spec.md"] },
    { kind: "fix", round: 2, turn: "SPEC.3", owned: [recorded], before: "failed", beforeTurn: "SPEC.2" },
  );
  await harness.runner.run(task, createContext());
  expect(await harness.read(join(harness.latest, "spec.md"))).toBe("whole");
  expect(await harness.read(join(harness.runFolder, "artifacts", "SPEC.2", "unfinished", "spec.md"))).toBe("half");
});

test("never overwrites what was set aside before", async () => {
  await start();
  const draft = { turn: "SPEC.3", before: "crashed", beforeTurn: "SPEC.1" } as const;
  const task = createTask(harness, { id: "SPEC", artifacts: ["spec.md"] }, draft);
  await harness.write("spec.md", "first");
  await harness.runner.run(task, createContext());
  await harness.write("spec.md", "second");
  await harness.runner.run(task, createContext());
  const folder = join(harness.runFolder, "artifacts", "SPEC.1", "unfinished");
  expect(await harness.read(join(folder, "spec.md"))).toBe("first");
  expect(await harness.read(join(folder, "spec.md.2"))).toBe("second");
});

test("sets aside a folder or a link that lies where an artifact belongs", async () => {
  await start();
  const recorded = await harness.recorded("A", "a.md", "a");
  await mkdir(join(harness.latest, "own.md"), { recursive: true });
  await writeFile(join(harness.workspace, "elsewhere"), "keep me");
  await symlink(join(harness.workspace, "elsewhere"), join(harness.latest, "a.md"));
  const task = createTask(harness, { id: "B", artifacts: ["own.md"] }, { inputs: [recorded] });
  const result = await harness.runner.run(task, createContext());
  expect(result.status).toBe("succeeded");
  expect(await harness.read(join(harness.latest, "a.md"))).toBe("a");
  expect(await harness.read(join(harness.workspace, "elsewhere"))).toBe("keep me");
});

test("refuses to go through a folder that is a link out of the artifacts folder", async () => {
  await start();
  const recorded = await harness.recorded("A", "deep/a.md", "a");
  await mkdir(harness.latest, { recursive: true });
  await symlink(harness.workspace, join(harness.latest, "deep"));
  await writeFile(join(harness.workspace, "a.md"), "keep me");
  const result = await harness.runner.run(createTask(harness, { id: "B" }, { inputs: [recorded] }), createContext());
  expect(result).toMatchObject({ status: "failed", retry: "never", error: { code: "PATH_OUTSIDE" } });
  expect(await harness.read(join(harness.workspace, "a.md"))).toBe("keep me");
});

test("fails when the store has lost the content of an input", async () => {
  await start();
  const recorded = { ...(await harness.recorded("A", "a.md", "a")), sha256: sha256("lost") };
  const result = await harness.runner.run(createTask(harness, { id: "B" }, { inputs: [recorded] }), createContext());
  expect(result).toMatchObject({ status: "failed", retry: "never", error: { code: "BLOB_MISSING" } });
  expect(await readdir(harness.latest)).toEqual([]);
});

test("a fix of a review stage records the reviewed stage's artifact that it changed, and no other", async () => {
  await start(async (request) => {
    await writeFile(join(request.artifactsFolder, "spec.md"), "better");
    return {};
  });
  const owned = [
    await harness.recorded("SPEC", "spec.md", "first"),
    await harness.recorded("SPEC", "notes.md", "same"),
    await harness.recorded("SPEC_REVIEW", "review.md", "report"),
  ];
  const stage = { id: "SPEC_REVIEW", kind: "review", reviews: "SPEC", artifacts: ["review.md"] } as const;
  const draft = { kind: "fix", round: 2, turn: "SPEC_REVIEW.2", owned } as const;
  const result = await harness.runner.run(createTask(harness, stage, draft), createContext());
  expect(result).toMatchObject({ artifacts: [{ name: "spec.md", sha256: sha256("better"), bytes: 6 }] });
  expect(await harness.read(join(harness.runFolder, "artifacts", "SPEC_REVIEW.2", "spec.md"))).toBe("better");
  expect(harness.requests[0]?.prompt).toContain(
    "Where the work under review must change, change these files in the artifacts folder:\n\n- `spec.md`\n- `notes.md`\n",
  );
});

test("never touches a file that another turn in flight may be writing, and hands out the recorded version", async () => {
  const written = Promise.withResolvers<void>();
  const consumed = Promise.withResolvers<void>();
  await start(async (request) => {
    if (request.stage === "RESEARCH") return {};
    await writeFile(join(request.artifactsFolder, "spec.md"), "half way");
    written.resolve();
    await consumed.promise;
    return {};
  });
  const spec = await harness.recorded("SPEC", "spec.md", "recorded");
  const stage = { id: "SPEC_REVIEW", kind: "review", reviews: "SPEC" } as const;
  const fix = harness.runner.run(createTask(harness, stage, { kind: "fix", owned: [spec] }), createContext());
  await written.promise;
  await harness.runner.run(createTask(harness, { id: "RESEARCH" }, { inputs: [spec] }), createContext());
  expect(await harness.read(join(harness.latest, "spec.md"))).toBe("half way");
  const copy = join(harness.runFolder, "artifacts", "SPEC.1", "spec.md");
  expect(harness.requests[1]?.prompt).toContain(`\`spec.md\` of SPEC: \`${copy}\``);
  expect(await harness.read(copy)).toBe("recorded");
  consumed.resolve();
  expect(await fix).toMatchObject({ artifacts: [{ name: "spec.md", sha256: sha256("half way"), bytes: 8 }] });
});

describe("of several agents that do the work of one stage", () => {
  const stage = { id: "BUILD", artifacts: ["plan.md"], parallelAgents: ["ann", "bob"] };
  const taskOf = (agent: string, turn: string, more: Partial<TurnTask> = {}) =>
    createTask(harness, stage, { agent, turn, others: [], ...more });

  test("what one is writing is left alone, what lay there before all of them is set aside", async () => {
    const met = new Set<string>();
    const barrier = Promise.withResolvers<void>();
    const both: AgentScript = async ({ agent }) => {
      if (agent === "ann") await harness.write("plan.md", "by ann");
      met.add(agent);
      if (met.size === 2) barrier.resolve();
      await barrier.promise;
      return {};
    };
    harness = await createTurnHarness({ agents: { ann: both, bob: both } });
    await harness.write("plan.md", "of a crashed attempt");
    const ann = harness.runner.run(taskOf("ann", "BUILD.1"), createContext());
    await vi.waitUntil(() => met.has("ann"), { timeout: 20_000 });
    const bob = harness.runner.run(taskOf("bob", "BUILD.2"), createContext());
    const left = await Promise.all([ann, bob]);
    const plan = [{ name: "plan.md", sha256: sha256("by ann"), bytes: 6 }];
    expect(left).toMatchObject([{ artifacts: plan }, { artifacts: plan }]);
    const aside = join(harness.runFolder, "artifacts", "BUILD.1", "unfinished", "plan.md");
    expect(await harness.read(aside)).toBe("of a crashed attempt");
    expect(await readdir(harness.latest)).toEqual(["plan.md"]);
  });

  test("each is told who the others are, what is its own, and what they have answered", async () => {
    harness = await createTurnHarness({ agents: { bob: async () => ({}) } });
    const text = "The parser is done.";
    const output = { sha256: sha256(text), bytes: text.length, text };
    const others = [{ turn: "BUILD.1", agent: "ann", output }];
    await harness.runner.run(taskOf("bob", "BUILD.2", { others }), createContext());
    const prompt = harness.requests[0]?.prompt ?? "";
    expect(prompt.slice(prompt.indexOf("## Your part"), prompt.indexOf("- `plan.md`"))).toMatchInlineSnapshot(`
      "## Your part

      You are \`bob\`, number 2 of 2 agents that do the work of this stage, each in a turn of its own. The other is \`ann\`.

      They may be at work at this very moment, in the same folders: change only what belongs to your part, and leave alone what others have just written.

      Where the stage, the plan or the objective says who does what, do what is yours. Otherwise count its tasks in their order: yours are number 2, 4 and so on. Do not do the others' part.

      What ann answered:

      > The parser is done.

      ## Required artifacts

      When all agents of this stage are done, these files must lie in the artifacts folder, complete. Write those that fall to you, and of a file that is there already a new version only where your part of it is missing:

      "
    `);
  });
});
