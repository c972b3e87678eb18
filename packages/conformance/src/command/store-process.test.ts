import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StateStore } from "@troupe/core";
import { expect, onTestFinished, test } from "vitest";
import { smallStore } from "../../test/readme-store.js";
import { newEntry } from "../store-subject.js";
import { createPluginHost, createSink } from "./case-host.js";
import { loadModule } from "./load-module.js";
import { type ChildJob, performInStore } from "./store-process.js";

const RUN = "run-1";

/** A store with one run, and the same store as a second process would be given it. */
async function storeAndJob(
  job: ChildJob,
): Promise<{ store: StateStore; perform(print: (line: string) => void): Promise<never> }> {
  const module = await smallStore();
  const stateFolder = await mkdtemp(join(tmpdir(), "troupe-"));
  onTestFinished(() => rm(stateFolder, { recursive: true, force: true }));
  const { definition } = await loadModule("store", module);
  const store = await definition.create(null, createPluginHost(stateFolder, createSink(false).sink));
  await store.create(RUN, newEntry(RUN, "e1"));
  const perform = (print: (line: string) => void) => performInStore(job, [module, stateFolder, "null", RUN], print);
  return { store, perform };
}

test("a process that appends says each position that is acknowledged, and ends with an error it did not expect", async () => {
  const { store, perform } = await storeAndJob("child-append");
  const printed: string[] = [];
  const ended = perform((line) => {
    printed.push(line);
    if (line === "3") void store.append(RUN, 3, newEntry(RUN, "in between"));
    if (line === "6") void store.remove(RUN);
  });
  await expect(ended).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
  expect(printed).toEqual(["2", "3", "5", "6"]);
});

test("a process that holds the lease, or writes a log, says so and stays", async () => {
  const holding = await storeAndJob("child-hold");
  await new Promise<void>((resolve) => void holding.perform((line) => line === "held" && resolve()));
  expect(await holding.store.holder(RUN)).toMatchObject({ owner: { command: "troupe-conformance" } });
  const logging = await storeAndJob("child-log");
  await new Promise<void>((resolve) => void logging.perform((line) => line === "logged" && resolve()));
  const chunks: Uint8Array[] = [];
  for await (const chunk of logging.store.logs.read(RUN, "WORK.1")) chunks.push(chunk);
  expect(Buffer.concat(chunks).toString()).toBe("logged\n");
});
