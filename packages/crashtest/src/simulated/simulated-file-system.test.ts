import { constants } from "node:fs";
import type { FileSystemPort } from "@troupe/store-fs";
import { expect, test } from "vitest";
import type { CrashPoint } from "./crash-points.js";
import { Machine } from "./machine.js";
import { createRandom } from "./random.js";
import { createSimulatedFileSystem } from "./simulated-file-system.js";
import type { SimulatedProcess } from "./simulated-process.js";

const { O_APPEND, O_CREAT, O_EXCL, O_RDONLY, O_RDWR, O_WRONLY } = constants;

function createWorld(...points: CrashPoint[]): { machine: Machine; process: SimulatedProcess; fs: FileSystemPort } {
  const machine = new Machine({ points, loss: "all", random: createRandom(1), folder: "/state" });
  machine.disk.makeFolder("/state")();
  machine.disk.sync(machine.disk.root);
  const process = machine.start("here");
  return { machine, process, fs: createSimulatedFileSystem(machine, process) };
}

function reopened(machine: Machine): FileSystemPort {
  return createSimulatedFileSystem(machine, machine.start("here"));
}

async function write(fs: FileSystemPort, path: string, text: string, flags = O_WRONLY | O_CREAT): Promise<void> {
  const file = await fs.open(path, flags);
  await file.write(Buffer.from(text));
  await file.close();
}

async function sync(fs: FileSystemPort, path: string): Promise<void> {
  const file = await fs.open(path, O_RDONLY);
  await file.sync();
  await file.close();
}

async function read(fs: FileSystemPort, path: string): Promise<string> {
  const file = await fs.open(path, O_RDONLY);
  const buffer = Buffer.alloc(1_000);
  return buffer.subarray(0, await file.read(buffer, 0)).toString();
}

test("a name that no sync of its folder brought to the disk is gone after a power loss, whatever the file's own sync", async () => {
  const { machine, fs } = createWorld();
  await write(fs, "/state/a", "one");
  await sync(fs, "/state/a");
  machine.losePower("all");
  expect(await reopened(machine).list("/state")).toEqual([]);
});

test("a name stays that was synced, and so do the bytes, each by its own sync", async () => {
  const { machine, fs } = createWorld();
  await write(fs, "/state/a", "one");
  await write(fs, "/state/b", "two");
  await sync(fs, "/state/a");
  await sync(fs, "/state");
  machine.losePower("all");
  const after = reopened(machine);
  expect([await read(after, "/state/a"), await read(after, "/state/b")]).toEqual(["one", ""]);
});

test("of bytes behind those synced nothing is left, or their first ones, or zeros in their place", async () => {
  const left = new Set<string>();
  for (let seed = 0; seed < 200; seed += 1) {
    const { machine, fs } = createWorld();
    await write(fs, "/state/a", "one ");
    await sync(fs, "/state/a");
    await sync(fs, "/state");
    await write(fs, "/state/a", "ab", O_WRONLY | O_APPEND);
    for (let skipped = 0; skipped < seed; skipped += 1) machine.random.below(2);
    machine.losePower("some");
    left.add(await read(reopened(machine), "/state/a"));
  }
  expect([...left].sort()).toEqual(["one ", "one \0\0", "one a", "one a\0", "one ab"]);
});

test("a rename has happened or it has not: never are both names gone", async () => {
  for (const [loss, names] of [
    ["all", ["draft"]],
    ["data", ["final"]],
  ] as const) {
    const { machine, fs } = createWorld();
    await write(fs, "/state/draft", "whole");
    await sync(fs, "/state/draft");
    await sync(fs, "/state");
    await fs.rename("/state/draft", "/state/final");
    machine.losePower(loss);
    expect(await reopened(machine).list("/state")).toEqual(names);
    expect(await read(reopened(machine), `/state/${names[0]}`)).toBe("whole");
  }
});

test("a link, a removed name and a truncation that were not synced are taken back", async () => {
  const { machine, fs } = createWorld();
  await write(fs, "/state/a", "one");
  await write(fs, "/state/b", "two");
  for (const path of ["/state/a", "/state/b", "/state"]) await sync(fs, path);
  await fs.link("/state/a", "/state/c");
  await fs.unlink("/state/b");
  const file = await fs.open("/state/a", O_RDWR);
  await file.truncate();
  expect([...(await fs.list("/state"))].sort()).toEqual(["a", "c"]);
  machine.losePower("all");
  const after = reopened(machine);
  expect([...(await after.list("/state"))].sort()).toEqual(["a", "b"]);
  expect([await read(after, "/state/a"), await read(after, "/state/b")]).toEqual(["one", "two"]);
});

test("a process that dies loses nothing that it wrote, and does nothing any more", async () => {
  const { machine, process, fs } = createWorld();
  await write(fs, "/state/a", "one");
  machine.exit(process);
  await expect(write(fs, "/state/b", "two")).rejects.toThrow("the process is dead");
  expect(await reopened(machine).list("/state")).toEqual(["a"]);
  expect(await read(reopened(machine), "/state/a")).toBe("one");
});

test("a process that dies in the middle of a write leaves half of it", async () => {
  const { machine, fs } = createWorld({ call: 2, when: "during", kind: "kill" });
  await expect(write(fs, "/state/a", "abcdef")).rejects.toThrow("the process is dead");
  expect(machine.calls).toEqual(["create /state/a", "write /state/a"]);
  expect(await read(reopened(machine), "/state/a")).toBe("abc");
});

test("a stopped process goes on in the middle of its call when it is woken", async () => {
  const { machine, process, fs } = createWorld({ call: 1, when: "before", kind: "stop" });
  const made = fs.makeFolder("/state/folder");
  await new Promise((resolve) => setImmediate(resolve));
  expect([process.isStopped, await reopened(machine).list("/state")]).toEqual([true, []]);
  process.wake();
  await made;
  expect(await reopened(machine).list("/state")).toEqual(["folder"]);
});

test("refuses as a file system does, and counts only what changes something", async () => {
  const { machine, fs } = createWorld();
  await fs.makeFolder("/state/folder");
  await write(fs, "/state/folder/a", "one");
  const refusals: readonly [string, () => Promise<unknown>][] = [
    ["ENOENT", () => fs.open("/state/none", O_RDONLY)],
    ["ENOENT", () => fs.makeFolder("/state/none/folder")],
    ["EEXIST", () => fs.makeFolder("/state/folder")],
    ["EEXIST", () => fs.open("/state/folder/a", O_WRONLY | O_CREAT | O_EXCL)],
    ["EEXIST", () => fs.link("/state/folder/a", "/state/folder/a")],
    ["EISDIR", () => fs.open("/state/folder", O_RDWR)],
    ["EISDIR", () => fs.unlink("/state/folder")],
    ["ENOTDIR", () => fs.list("/state/folder/a")],
    ["ENOTDIR", () => fs.open("/state/folder/a/b", O_RDONLY)],
    ["ENOTDIR", () => fs.rename("/state/folder", "/state/folder/a")],
  ];
  for (const [code, call] of refusals) await expect(call()).rejects.toMatchObject({ code });
  await fs.makeFolder("/state/other");
  await expect(fs.rename("/state/other", "/state/folder")).rejects.toMatchObject({ code: "ENOTEMPTY" });
  expect(machine.calls).toEqual([
    "mkdir /state/folder",
    "create /state/folder/a",
    "write /state/folder/a",
    "mkdir /state/other",
  ]);
});

test("a tree is removed name by name; a missing one is no error", async () => {
  const { machine, fs } = createWorld();
  await fs.makeFolder("/state/folder");
  await write(fs, "/state/folder/a", "one");
  await fs.removeTree("/state/folder");
  await fs.removeTree("/state/folder");
  expect(machine.calls.slice(-2)).toEqual(["unlink /state/folder/a", "rmdir /state/folder"]);
  expect(await fs.list("/state")).toEqual([]);
});

test("writes outside the run's folder are noted", async () => {
  const { machine, fs } = createWorld();
  await write(fs, "/elsewhere", "one");
  expect(machine.outside).toEqual(["create /elsewhere", "write /elsewhere"]);
});
