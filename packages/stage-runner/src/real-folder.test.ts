import { mkdir, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TurnResult, TurnTask } from "@troupe/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  type AgentScript,
  createContext,
  createTask,
  createTurnHarness,
  type TurnHarness,
} from "../test/turn-harness.js";

let harness: TurnHarness;
let script: AgentScript;

/** A folder of the user's, with files named as artifacts are. */
let precious: string;
const PRECIOUS = ["deep/a.md", "spec.md"];

beforeEach(async () => {
  script = async () => ({ usage: { inputTokens: 1, outputTokens: 2, costUsd: null } });
  harness = await createTurnHarness({ agents: { builder: (request, context) => script(request, context) } });
  precious = join(harness.workspace, "precious");
  await mkdir(join(precious, "deep"), { recursive: true });
  for (const name of PRECIOUS) await writeFile(join(precious, name), "keep me");
});
afterEach(() => harness.remove());

async function expectPreciousUntouched(): Promise<void> {
  const entries = await readdir(precious, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  expect(files.sort()).toEqual(PRECIOUS.map((name) => join(precious, name)));
  for (const file of files) expect(await harness.read(file)).toBe("keep me");
}

const perform = (task: TurnTask): Promise<TurnResult> => harness.runner.run(task, createContext());
const artifacts = ["spec.md", "deep/a.md"];

function refusal(path: string, isLink = true): object {
  const what = isLink ? "has been replaced by a symbolic link" : "is not a folder any more";
  return {
    status: "failed",
    retry: "never",
    error: {
      code: "PATH_OUTSIDE",
      message: `${path}, where Troupe keeps artifacts, ${what}`,
      hint: `See what is there: ls -ld '${path}'. Take it away, then: troupe resume r-1`,
      details: { path },
    },
  };
}

async function linkTo(target: string, path: string): Promise<void> {
  await mkdir(join(path, ".."), { recursive: true });
  await symlink(target, path);
}

test("fails a turn, and starts no agent, when the artifacts folder has been replaced by a link", async () => {
  await linkTo(precious, harness.latest);
  const inputs = [await harness.recorded("A", "deep/a.md", "a")];
  const result = await perform(createTask(harness, { id: "B", artifacts: ["spec.md"] }, { inputs }));
  expect(result).toMatchObject(refusal(harness.latest));
  expect(harness.requests).toEqual([]);
  await expectPreciousUntouched();
});

test("fails a turn when the folder above the artifacts folder, or the run's own, has been replaced", async () => {
  await mkdir(join(precious, "latest"));
  const above = join(harness.latest, "..");
  await linkTo(precious, above);
  expect(await perform(createTask(harness, { id: "B", artifacts: ["x.md"] }))).toMatchObject(refusal(above));
  await rename(harness.runFolder, `${harness.runFolder}-moved`);
  await symlink(`${harness.runFolder}-moved`, harness.runFolder);
  expect(await perform(createTask(harness, { id: "B" }))).toMatchObject(refusal(harness.runFolder));
  await expectPreciousUntouched();
});

test("fails a turn when a file lies where the artifacts folder belongs", async () => {
  await mkdir(join(harness.latest, ".."), { recursive: true });
  await writeFile(harness.latest, "");
  expect(await perform(createTask(harness, { id: "B" }))).toMatchObject(refusal(harness.latest, false));
});

test("sets nothing aside through a link", async () => {
  await harness.write("deep/a.md", "half");
  const aside = join(harness.runFolder, "artifacts", "B.1", "unfinished", "deep");
  await linkTo(join(precious, "deep"), aside);
  const draft = { turn: "B.2", before: "crashed", beforeTurn: "B.1" } as const;
  expect(await perform(createTask(harness, { id: "B", artifacts }, draft))).toMatchObject(refusal(aside));
  expect(await harness.read(join(harness.latest, "deep/a.md"))).toBe("half");
  await expectPreciousUntouched();
});

test("hands out no copy through a link while another turn is writing the artifact", async () => {
  const first = Promise.withResolvers<void>();
  const running = Promise.withResolvers<void>();
  script = async (request) => {
    if (request.stage !== "A_REVIEW") return {};
    await writeFile(join(request.artifactsFolder, "spec.md"), "half way");
    running.resolve();
    await first.promise;
    return {};
  };
  const spec = await harness.recorded("A", "spec.md", "recorded");
  const stage = { id: "A_REVIEW", kind: "review", reviews: "A" } as const;
  const fix = perform(createTask(harness, stage, { kind: "fix", owned: [spec] }));
  await running.promise;
  const copies = join(harness.runFolder, "artifacts", "A.1");
  await linkTo(precious, copies);
  expect(await perform(createTask(harness, { id: "B" }, { inputs: [spec] }))).toMatchObject(refusal(copies));
  await expectPreciousUntouched();
  first.resolve();
  await fix;
});

test("records nothing through a link that the agent has put in the place of the artifacts folder", async () => {
  const usage = { inputTokens: 1, outputTokens: 2, costUsd: null };
  script = async (request) => {
    await rm(request.artifactsFolder, { recursive: true });
    await symlink(precious, request.artifactsFolder);
    return { usage };
  };
  const result = await perform(createTask(harness, { id: "B", artifacts }));
  expect(result).toMatchObject({ ...refusal(harness.latest), usage });
  expect(await readdir(join(harness.runFolder, "artifacts"))).toEqual(["latest"]);
  await expectPreciousUntouched();
});

test("puts no copy through a link that lies in the turn's own folder", async () => {
  const copies = join(harness.runFolder, "artifacts", "B.1");
  script = async (request) => {
    await mkdir(join(request.artifactsFolder, "deep"));
    await writeFile(join(request.artifactsFolder, "deep/a.md"), "made");
    await mkdir(copies);
    await symlink(join(precious, "deep"), join(copies, "deep"));
    return {};
  };
  const result = await perform(createTask(harness, { id: "B", artifacts: ["deep/a.md"] }));
  expect(result).toMatchObject(refusal(join(copies, "deep")));
  await expectPreciousUntouched();
});

test("takes an artifacts folder that the agent has removed for one without artifacts, and makes it again", async () => {
  script = (request) => rm(request.artifactsFolder, { recursive: true }).then(() => ({}));
  const task = createTask(harness, { id: "B", artifacts });
  expect(await perform(task)).toMatchObject({ status: "succeeded", artifacts: [] });
  script = async (request) => {
    await writeFile(join(request.artifactsFolder, "spec.md"), "made");
    return {};
  };
  const again = await perform(createTask(harness, { id: "B", artifacts }, { turn: "B.2" }));
  expect(again).toMatchObject({ status: "succeeded", artifacts: [{ name: "spec.md", bytes: 4 }] });
});
