import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { childOn, collect, newEntry, openStore, tempStore } from "../test/temp-store.js";

const RUN = "run-1";
const WRITERS = 8;
const LIVES = 2;
const APPENDS_PER_LIFE = 25;

/** Starts a writer, kills it after so many acknowledged appends, and gives their positions and ids. */
async function liveAndDie(folder: string): Promise<readonly string[]> {
  const [command = "", ...args] = [...childOn("race-forever", folder), RUN];
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
    if (text.split("\n").length > APPENDS_PER_LIFE) child.kill("SIGKILL");
  });
  const [code] = await once(child, "close");
  expect(code).toBeNull(); // it never ends by itself
  return text.split("\n").slice(0, -1);
}

test("eight processes that race and are killed lose no acknowledged entry and double none", {
  timeout: 120_000,
}, async () => {
  const { store, folder } = await tempStore();
  await store.create(RUN, newEntry(RUN, "first"));
  const writer = async (): Promise<readonly string[]> => {
    const acknowledged: string[] = [];
    for (let life = 0; life < LIVES; life += 1) acknowledged.push(...(await liveAndDie(folder)));
    return acknowledged;
  };
  const acknowledged = (await Promise.all(Array.from({ length: WRITERS }, writer))).flat();
  await store.close();
  const entries = await collect(openStore(folder).read(RUN));
  const there = new Set(entries.map(({ seq, id }) => `${seq} ${id}`));
  expect(acknowledged.length).toBeGreaterThanOrEqual(WRITERS * LIVES * APPENDS_PER_LIFE);
  expect(acknowledged.filter((line) => !there.has(line))).toEqual([]);
  expect(new Set(acknowledged.map((line) => line.split(" ")[0])).size).toBe(acknowledged.length);
  expect(entries.map(({ seq }) => seq)).toEqual(Array.from(entries, (_, index) => index + 1));
  expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
});
