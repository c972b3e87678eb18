import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import {
  createRun,
  defineRun,
  defineWorkflow,
  type Engine,
  executeRun,
  randomHex,
  type StateStore,
  silentLogger,
  systemClock,
  type TurnRunner,
  writeText,
} from "@troupe/core";
import { createMemoryStore } from "@troupe/core/memory";
import { ParallelStageExecutor } from "@troupe/executor-parallel";
import { expect, onTestFinished, test } from "vitest";
import { createSmallStore } from "../../core/test/small-store.js";

const packages = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const root = join(packages, "..");
const example = join(root, "examples", "library", "run-a-group.ts");
const TSCONFIG = {
  extends: join(root, "tsconfig.base.json"),
  compilerOptions: {
    composite: false,
    incremental: false,
    typeRoots: [join(root, "node_modules", "@types")],
    outDir: "built",
  },
  files: ["program.ts"],
};

/** A folder with a program, compiled as its author would, and with no packages but the ones it says it needs. */
async function compileProgram(text: string, installed: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "troupe-library-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, "node_modules", "@troupe"), { recursive: true });
  for (const name of installed) {
    await symlink(join(packages, name), join(folder, "node_modules", "@troupe", name));
  }
  await writeFile(join(folder, "program.ts"), text);
  await writeFile(join(folder, "package.json"), '{ "type": "module" }\n');
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(TSCONFIG));
  await run(join(root, "node_modules", ".bin", "tsc"), ["-p", folder], folder);
  return folder;
}

async function run(program: string, args: readonly string[], cwd: string): Promise<string> {
  const { stdout } = await promisify(execFile)(program, args, { cwd });
  return stdout;
}

test("the library example compiles against three packages and performs its group", async () => {
  const folder = await compileProgram(await readFile(example, "utf8"), ["core", "store-fs", "executor-parallel"]);
  await writeFile(join(folder, "poem.txt"), "one two three\nfour\n");
  expect(await run(process.execPath, ["built/program.js", "poem.txt", "poem-1"], folder)).toBe(
    "succeeded 2 lines, 4 words\n",
  );
  expect(await readdir(join(folder, ".troupe", "runs"))).toEqual(["poem-1"]);
});

test("the example in the README of core compiles against core alone and prints what it says", async () => {
  const readme = await readFile(join(packages, "core", "README.md"), "utf8");
  const [, program = ""] = /```ts\n(.*?)```/s.exec(readme) ?? [];
  const folder = await compileProgram(program, ["core"]);
  const printed = await run(process.execPath, ["built/program.js"], folder);
  expect(printed).toBe("succeeded CHECK is done\n");
  expect(readme).toContain(`prints \`${printed.trim()}\``);
});

test("the README shows the library example as it is", async () => {
  const readme = await readFile(join(root, "README.md"), "utf8");
  expect(readme).toContain(await readFile(example, "utf8"));
});

const workflow = defineWorkflow({
  name: "notes",
  stages: [
    { id: "COLLECT", workAgent: "scribe" },
    { id: "DRAFT", workAgent: "scribe", needs: ["COLLECT"] },
    { id: "TRANSLATE", workAgent: "linguist", needs: ["COLLECT"] },
    { id: "PUBLISH", kind: "terminal", needs: ["DRAFT", "TRANSLATE"] },
  ],
  groups: [{ name: "writing", stages: ["DRAFT", "TRANSLATE"] }],
});

const stores: readonly (readonly [name: string, createStore: () => StateStore])[] = [
  ["the memory store", createMemoryStore],
  ["a small store written by hand", createSmallStore],
];

test.for(stores)(
  "a group runs side by side on %s, and a failed member is performed again alone",
  async ([, createStore]) => {
    const store = createStore();
    const calls: string[] = [];
    const isBroken = new Set(["TRANSLATE"]);
    const bothStarted = Promise.withResolvers<void>();
    const runner: TurnRunner = {
      async run({ runId, turn, stage }) {
        calls.push(turn);
        if (calls.includes("DRAFT.1") && calls.includes("TRANSLATE.1")) bothStarted.resolve();
        if (stage.group === "writing") await bothStarted.promise;
        const end = { log: null, usage: null, session: null };
        const output = await writeText(store.blobs, runId, `${turn} done`);
        if (!isBroken.has(stage.id)) return { status: "succeeded", output, artifacts: [], ...end };
        const error = { code: "TURN_FAILED", message: "no dictionary", hint: null } as const;
        return { status: "failed", error, retry: "never", output: null, ...end };
      },
    };
    const executor = new ParallelStageExecutor({ runner, concurrency: 2 });
    const engine: Engine = { store, executor, reporters: [], clock: systemClock, randomHex, logger: silentLogger };
    const text = await writeText(store.blobs, "notes-1", "Write the notes");
    await createRun(engine, "notes-1", defineRun({ workflow, objective: { title: "Notes", path: null, text } }));
    const perform = async () => {
      const workspace = { kind: "folder", path: tmpdir() } as const;
      const { outcome, state } = await executeRun(engine, { runId: "notes-1", workspace, command: "test" });
      return { outcome, stages: Object.fromEntries([...state.stages].map(([id, { status }]) => [id, status])) };
    };

    expect(await perform()).toEqual({
      outcome: "failed",
      stages: { COLLECT: "completed", DRAFT: "completed", TRANSLATE: "failed", PUBLISH: "pending" },
    });
    isBroken.clear();
    expect(await perform()).toEqual({
      outcome: "succeeded",
      stages: { COLLECT: "completed", DRAFT: "completed", TRANSLATE: "completed", PUBLISH: "completed" },
    });
    expect(calls).toEqual(["COLLECT.1", "DRAFT.1", "TRANSLATE.1", "TRANSLATE.2"]);
  },
);
