import { join } from "node:path";
import { isTroupeError, PLUGIN_API, type PluginHost, randomHex, silentLogger, systemClock } from "@troupe/core";
import plugin, { createFsStore } from "@troupe/store-fs";
import { expect, test } from "vitest";
import { faultyFileSystem } from "../test/faulty-file-system.js";
import { collect, newEntry, openStore, tempFolder } from "../test/temp-store.js";

const sink = { write: () => {}, isTerminal: false, size: () => ({ columns: 80, rows: 24 }) };

test("is a store plugin of this version that keeps runs in its host's state folder", async () => {
  const projectFolder = await tempFolder();
  const host: PluginHost = {
    clock: systemClock,
    randomHex,
    environment: {},
    streams: { stdout: sink, stderr: sink },
    projectFolder,
    stateFolder: join(projectFolder, ".troupe"),
    logger: silentLogger,
  };
  expect([plugin.kind, plugin.name, plugin.apiVersion]).toEqual(["store", "@troupe/store-fs", PLUGIN_API.store]);
  const store = await plugin.create({ maxLogBytes: 4096 }, host);
  await store.create("run-1", newEntry("run-1", "e1"));
  expect(await collect(openStore(host.stateFolder).read("run-1"))).toHaveLength(1);
  await store.close();
});

test("takes its options or says what is wrong with each", async () => {
  const validate = (value: unknown) => plugin.options["~standard"].validate(value);
  expect(await validate(undefined)).toEqual({ value: {} });
  expect(await validate({ force: true, maxLogBytes: 4096 })).toEqual({ value: { force: true, maxLogBytes: 4096 } });
  expect(await validate("force")).toEqual({ issues: [{ message: "expected a map" }] });
  expect(await validate({ force: 1, maxLogBytes: 10, folder: "x" })).toEqual({
    issues: [
      { message: "expected true or false", path: ["force"] },
      { message: "expected a whole number of bytes, at least 1024", path: ["maxLogBytes"] },
      { message: 'unknown option; known are "force" and "maxLogBytes"', path: ["folder"] },
    ],
  });
});

test("refuses a folder that is not absolute", () => {
  const attempt = (): unknown => {
    try {
      return createFsStore({ folder: ".troupe" });
    } catch (error) {
      return isTroupeError(error) && error.code;
    }
  };
  expect(attempt()).toBe("STORE_UNSUPPORTED");
});

test.runIf(process.platform === "linux")(
  "refuses a network file system, before anything is written, unless forced",
  async () => {
    for (const volumeType of [0x6969, 0xfe534d42, -(2 ** 32 - 0xff534d42)]) {
      const folder = join(await tempFolder(), "below", ".troupe");
      const fileSystem = faultyFileSystem({ volumeType });
      const store = openStore(folder, { fileSystem });
      await expect(store.create("run-1", newEntry("run-1", "e1"))).rejects.toMatchObject({
        code: "STORE_UNSUPPORTED",
        message: expect.stringContaining(folder),
      });
      expect(await collect(store.list())).toEqual([]);
      await openStore(folder, { fileSystem, force: true }).create("run-1", newEntry("run-1", "e1"));
    }
  },
);
