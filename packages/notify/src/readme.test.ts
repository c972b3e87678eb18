import { readFileSync } from "node:fs";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRun, defineRun, defineWorkflow, silentLogger, systemClock } from "@troupe/core";
import { createMemoryStore } from "@troupe/core/memory";
import { expect, test } from "vitest";
import { createTestHost } from "../test/fake-run.js";
import { runAndTell } from "../test/readme-example.js";

test("the example of the README tells the team how a run ended, as it stands there", async () => {
  const example = await readFile(new URL("../test/readme-example.ts", import.meta.url), "utf8");
  expect(await readFile(new URL("../README.md", import.meta.url), "utf8")).toContain(`\`\`\`ts\n${example}\`\`\``);
  const host = await createTestHost({}, systemClock);
  const script = join(host.projectFolder, "tell-the-team.sh");
  await writeFile(script, "#!/bin/sh\ncat > told.json\n");
  await chmod(script, 0o755);
  const store = createMemoryStore();
  const text = { sha256: "0".repeat(64), bytes: 4, text: "done" };
  const executor = {
    capacity: 1,
    execute: async () =>
      ({ status: "succeeded", output: text, artifacts: [], log: null, usage: null, session: null }) as const,
  };
  const engine = {
    store,
    executor,
    reporters: [],
    clock: systemClock,
    randomHex: host.randomHex,
    logger: silentLogger,
  };
  const workflow = defineWorkflow({ name: "one", stages: [{ id: "ONLY", workAgent: "writer", artifacts: [] }] });
  await createRun(engine, "run-1", defineRun({ workflow, objective: { title: "Try it", path: null, text } }));
  const workspace = { kind: "folder", path: host.projectFolder } as const;
  const { outcome } = await runAndTell(engine, { runId: "run-1", workspace, command: "test" }, host);
  const told = JSON.parse(readFileSync(join(host.projectFolder, "told.json"), "utf8"));
  expect([outcome, told]).toEqual([
    "succeeded",
    expect.objectContaining({ event: "succeeded", run: "run-1", title: "Done: Try it" }),
  ]);
});
