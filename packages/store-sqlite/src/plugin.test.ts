import { join } from "node:path";
import { isTroupeError, PLUGIN_API, type PluginHost, randomHex, silentLogger, systemClock } from "@troupe/core";
import plugin, { createSqliteStore } from "@troupe/store-sqlite";
import { expect, test } from "vitest";
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
  expect([plugin.kind, plugin.name, plugin.apiVersion]).toEqual(["store", "@troupe/store-sqlite", PLUGIN_API.store]);
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
      return createSqliteStore({ folder: ".troupe" });
    } catch (error) {
      return isTroupeError(error) && error.code;
    }
  };
  expect(attempt()).toBe("STORE_UNSUPPORTED");
});
