import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createSecretMasker, sha256, TroupeError } from "@troupe/core";
import { afterEach, expect, test } from "vitest";
import {
  createContext,
  createTask,
  createTurnHarness,
  type HarnessOptions,
  type TurnHarness,
} from "../test/turn-harness.js";
import { createStageRunner } from "./index.js";
import { maskStrings } from "./mask-secrets.js";

const VALUE = "tok-9f8e7d6c5b";
const masker = createSecretMasker([{ name: "TOKEN", value: VALUE }]);
let harness: TurnHarness;
afterEach(() => harness.remove());

async function create(options: HarnessOptions): Promise<ReturnType<typeof createStageRunner>> {
  harness = await createTurnHarness(options);
  return createStageRunner({}, { ...harness.host, masker });
}

test("an agent that knows nothing of masking is masked: prompt, output, session, artifacts and their names", async () => {
  let prompt = "";
  const runner = await create({
    agents: {
      builder: async (request, context) => {
        prompt = request.prompt;
        context.output(Buffer.from(`it is ${VALUE.slice(0, 5)}`));
        context.output(Buffer.from(`${VALUE.slice(5)}; now tok-9f`));
        context.known({ session: `s ${VALUE}` });
        const { artifactsFolder } = request;
        await mkdir(join(artifactsFolder, "sub"), { recursive: true });
        await writeFile(join(artifactsFolder, "a.md"), `a ${VALUE}`);
        await writeFile(join(artifactsFolder, "b.bin"), Buffer.from([0, 1, ...Buffer.from(VALUE)]));
        await writeFile(join(artifactsFolder, "sub", `${VALUE}.txt`), `left over ${VALUE}`);
        return { output: `done with ${VALUE} ${"x".repeat(10_000)}`, session: `s ${VALUE}` };
      },
    },
  });
  const task = createTask(harness, { id: "S", artifacts: ["a.md", "b.bin"], description: `Use ${VALUE}` });
  const result = await runner.run(task, createContext());
  expect(prompt).toContain("Use [secret TOKEN]");
  const output = `done with [secret TOKEN] ${"x".repeat(10_000)}`;
  expect(result).toMatchObject({
    status: "succeeded",
    session: "s [secret TOKEN]",
    output: { sha256: sha256(output), bytes: output.length, text: null },
    artifacts: [{ name: "a.md", sha256: sha256("a [secret TOKEN]") }, { name: "b.bin" }],
  });
  expect(await harness.log("S.1")).toContain("it is [secret TOKEN]; now tok-9f");
  expect(await harness.read(join(harness.latest, "a.md"))).toBe("a [secret TOKEN]");
  expect(await readdir(join(harness.latest, "sub"))).toEqual(["[secret TOKEN].txt"]);
  expect(await harness.read(join(harness.latest, "sub", "[secret TOKEN].txt"))).toBe("left over [secret TOKEN]");
  // what is no text is left as it is
  expect((await readFile(join(harness.latest, "b.bin"))).subarray(2).toString()).toBe(VALUE);
});

test.each([
  [
    "a Troupe error",
    () => new TroupeError("AGENT_FAILED", `no ${VALUE}`, { hint: VALUE, details: { [VALUE]: VALUE } }),
  ],
  ["another error", () => new Error(`no ${VALUE}`)],
  ["an error without anything", () => new Error("plain")],
  ["a text", () => `no ${VALUE}`],
  ["a number", () => 12],
])("%s of an agent is masked, and what a failed turn left too", async (_, make) => {
  const runner = await create({
    agents: {
      builder: async ({ artifactsFolder }) => {
        await writeFile(join(artifactsFolder, "a.md"), `half ${VALUE}`);
        throw make();
      },
    },
  });
  const result = await runner.run(createTask(harness, { id: "S", artifacts: ["a.md"] }), createContext());
  expect(result.status).toBe("failed");
  expect(JSON.stringify(result)).not.toContain(VALUE);
  expect(await harness.read(join(harness.latest, "a.md"))).toBe("half [secret TOKEN]");
});

test("while another turn works only the turn's own files are masked, the rest when the last one ends", async () => {
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let started = (): void => {};
  const isStarted = new Promise<void>((resolve) => {
    started = resolve;
  });
  const runner = await create({
    agents: {
      slow: async ({ artifactsFolder }) => {
        await writeFile(join(artifactsFolder, "slow.md"), `slow ${VALUE}`);
        started();
        await held;
        return { output: "slow" };
      },
      quick: async ({ artifactsFolder }) => {
        await writeFile(join(artifactsFolder, "quick.md"), `quick ${VALUE}`);
        await writeFile(join(artifactsFolder, "other.md"), `other ${VALUE}`);
        return { output: "quick" };
      },
    },
  });
  const slow = runner.run(
    createTask(harness, { id: "A", workAgent: "slow", artifacts: ["slow.md"] }, { agent: "slow" }),
    createContext(),
  );
  await isStarted;
  const task = createTask(harness, { id: "B", workAgent: "quick", artifacts: ["quick.md"] }, { agent: "quick" });
  await runner.run(task, createContext());
  const read = (name: string) => harness.read(join(harness.latest, name));
  expect([await read("quick.md"), await read("other.md"), await read("slow.md")]).toEqual([
    "quick [secret TOKEN]",
    `other ${VALUE}`,
    `slow ${VALUE}`,
  ]);
  release();
  await slow;
  expect([await read("other.md"), await read("slow.md")]).toEqual(["other [secret TOKEN]", "slow [secret TOKEN]"]);
});

test("a folder that cannot be looked through fails no turn", async () => {
  const runner = await create({
    agents: {
      builder: async ({ artifactsFolder }) => {
        await rename(artifactsFolder, `${artifactsFolder}.old`);
        await writeFile(artifactsFolder, "no folder");
        return { output: "done" };
      },
    },
  });
  const result = await runner.run(createTask(harness, { id: "S" }), createContext());
  expect(result.status).not.toBe("interrupted");
  expect(await readdir(dirname(harness.latest))).toContain("latest");
});

test("a command's output is masked before any of it is cut off, also where it ends in the middle of a secret", async () => {
  const runner = await create({});
  const fill = randomBytes(400_000).toString("hex");
  const script = `process.stdout.write(${JSON.stringify(fill)}); for (let n = 0; n < 60000; n++) process.stdout.write("${VALUE} "); process.stdout.write("tok-9"); process.stderr.write("and ${VALUE}\\u001b[1m tok-\\u001b[0m9f8e7d6c5b"); process.exitCode = 3`;
  await writeFile(join(harness.workspace, "script.mjs"), script);
  const run = { argv: [process.execPath, "script.mjs"] };
  const task = createTask(harness, { id: "S", kind: "command", run }, { agent: null });
  const result = await runner.run(task, createContext());
  expect(result).toMatchObject({ status: "failed", error: { code: "COMMAND_FAILED" } });
  expect(JSON.stringify(result)).not.toContain("9f8e7d6c5b");
  expect(await harness.log("S.1")).not.toContain("9f8e7d6c5b ");
});

test("a reference to a text that masking changes refers to what it has become", async () => {
  harness = await createTurnHarness();
  const ref = { sha256: sha256(VALUE), bytes: VALUE.length, text: VALUE };
  const text = "[secret TOKEN]";
  expect(maskStrings({ list: [ref, 1, null, true], large: { ...ref, text: null } }, masker)).toEqual({
    list: [{ sha256: sha256(text), bytes: text.length, text }, 1, null, true],
    large: { ...ref, text: null },
  });
});
