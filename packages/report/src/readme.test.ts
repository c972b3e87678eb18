import { readFile } from "node:fs/promises";
import { createMemoryStore } from "@troupe/core/memory";
import { expect, onTestFinished, test, vi } from "vitest";
import { writePage } from "../test/readme-example.js";
import { rejectedThenApproved } from "../test/runs.js";

test("the example of the README makes the page of a run", async () => {
  const example = await readFile(new URL("../test/readme-example.ts", import.meta.url), "utf8");
  expect(await readFile(new URL("../README.md", import.meta.url), "utf8")).toContain(`\`\`\`ts\n${example}\`\`\``);
  const store = createMemoryStore();
  for (const { seq, ...entry } of rejectedThenApproved().entries) {
    await (seq === 1 ? store.create("run-1", entry) : store.append("run-1", seq - 1, entry));
  }
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  onTestFinished(() => log.mockRestore());
  expect(await writePage(store, "run-1")).toMatch(/^<!doctype html>\n[\s\S]*<\/html>\n$/);
  expect(log.mock.calls).toEqual([["succeeded", 0, 0]]);
});
