import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { link, mkdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hasCode } from "@troupe/core";
import { describe, expect, test } from "vitest";
import { collect, newEntry, openStore, tempFolder, tempStore, withDatabase } from "../test/temp-store.js";
import { DatabaseSync } from "./node-sqlite.js";
import { MIGRATIONS, migrate } from "./schema.js";

const RUN = "run-1";
const FIRST = newEntry(RUN, "e1");

async function emptyState(): Promise<{ folder: string; path: string }> {
  const folder = join(await tempFolder(), ".troupe");
  await mkdir(folder);
  return { folder, path: join(folder, "troupe.db") };
}

test("makes nothing before there is something to keep", async () => {
  const { store, folder } = await tempStore();
  expect(await collect(store.list())).toEqual([]);
  expect(await store.holder(RUN)).toBe(null);
  await expect(store.append(RUN, 1, FIRST)).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
  await expect(store.remove(RUN)).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
  await expect(store.logs.open(RUN, "WORK.1")).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
  expect(await collect(store.logs.read(RUN, "WORK.1"))).toEqual([]);
  await expect(stat(folder)).rejects.toMatchObject({ code: "ENOENT" });
});

test("keeps everything from other users, and out of git", async () => {
  const { store, folder } = await tempStore();
  await store.create(RUN, FIRST);
  const modes = readdirSync(folder).map((name) => [name, statSync(join(folder, name)).mode & 0o777]);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(modes).toEqual([".gitignore", "troupe.db", "troupe.db-shm", "troupe.db-wal"].map((name) => [name, 0o600]));
  expect(readFileSync(join(folder, ".gitignore"), "utf8")).toBe("*\n");
  await store.close();
  expect(readdirSync(folder)).toEqual([".gitignore", "troupe.db"]);
});

test("leaves a .gitignore as it is", async () => {
  const { folder } = await emptyState();
  await writeFile(join(folder, ".gitignore"), "mine\n");
  await openStore(folder).create(RUN, FIRST);
  expect(await readFile(join(folder, ".gitignore"), "utf8")).toBe("mine\n");
});

test("makes one database when many make it at once", async () => {
  const folder = join(await tempFolder(), ".troupe");
  const stores = Array.from({ length: 6 }, () => openStore(folder));
  await Promise.all(stores.map((store, index) => store.create(`run-${index}`, newEntry(`run-${index}`, "e1"))));
  expect(await collect(openStore(folder).list())).toHaveLength(6);
  expect(readdirSync(folder)).toEqual([".gitignore", "troupe.db", "troupe.db-shm", "troupe.db-wal"]);
});

describe("refuses what is no database of Troupe and leaves it as it is:", () => {
  const foreign = (path: string): void => withDatabase(path, (db) => db.exec("CREATE TABLE mine (a)"));
  const places: Readonly<Record<string, (path: string) => unknown>> = {
    "other bytes": (path) => writeFile(path, Buffer.alloc(9_000, "other bytes")),
    "an empty file": (path) => writeFile(path, ""),
    "another program's database": foreign,
    "a folder": (path) => mkdir(path),
    "a link": async (path) => {
      foreign(`${path}-target`);
      await symlink(`${path}-target`, path);
    },
    "a FIFO": (path) => execFileSync("mkfifo", [path]),
    "a missing file with its log left": (path) => writeFile(`${path}-wal`, "a log"),
  };
  for (const [name, make] of Object.entries(places)) {
    test(name, async () => {
      const { folder, path } = await emptyState();
      await make(path);
      const look = () => readdirSync(folder).map((each) => [each, contentOf(join(folder, each))]);
      const before = look();
      const store = openStore(folder);
      const refusal = {
        code: "JOURNAL_CORRUPT",
        message: expect.stringContaining(path),
        hint: expect.stringContaining("mv"),
      };
      await expect(collect(store.list())).rejects.toMatchObject(refusal);
      await expect(store.create(RUN, FIRST)).rejects.toMatchObject(refusal);
      await expect(store.blobs.put(RUN, Buffer.from("x"))).rejects.toMatchObject(refusal);
      await store.close();
      expect(look()).toEqual(before);
    });
  }
});

function contentOf(path: string): string {
  const stats = statSync(path);
  return stats.isFile() ? readFileSync(path, "base64") : `${stats.mode}`;
}

test("takes what the hint of a refusal leaves", async () => {
  const { folder, path } = await emptyState();
  await writeFile(path, "other bytes");
  const store = openStore(folder);
  const error = await store.create(RUN, FIRST).catch((reason: unknown) => reason);
  const hint = hasCode(error, "JOURNAL_CORRUPT") && error instanceof Error && "hint" in error ? String(error.hint) : "";
  execFileSync("sh", ["-c", hint.slice(hint.indexOf("mkdir"))]);
  await store.create(RUN, FIRST);
  expect(await collect(store.read(RUN))).toHaveLength(1);
});

for (const suffix of ["-wal", "-shm"]) {
  test(`the hint for a link in place of ${suffix} moves the whole database, and no entry is lost`, async () => {
    const { store, folder } = await tempStore();
    const path = join(folder, "troupe.db");
    await store.create(RUN, FIRST);
    await store.close();
    await symlink(join(folder, "elsewhere"), path + suffix);
    const later = openStore(folder);
    const old = join(folder, "damaged");
    await expect(collect(later.read(RUN))).rejects.toMatchObject({
      code: "JOURNAL_CORRUPT",
      message: `${path}${suffix} cannot be used: it is not a plain file`,
      hint: `Restore ${path} from a copy, or begin with an empty one: mkdir "${old}" && mv "${path}"* "${old}"`,
    });
    execFileSync("sh", ["-c", `mkdir "${old}" && mv "${path}"* "${old}"`]);
    expect(readdirSync(old)).toEqual(["troupe.db", `troupe.db${suffix}`]);
    await rm(join(old, `troupe.db${suffix}`));
    expect(await collect(openStore(old).read(RUN))).toEqual([{ ...FIRST, seq: 1 }]);
  });
}

test("refuses a schema of a later version, also when it comes while the store is open", async () => {
  const { store, folder } = await tempStore();
  const path = join(folder, "troupe.db");
  await store.create(RUN, FIRST);
  withDatabase(path, (db) => db.exec("PRAGMA user_version = 7"));
  const refusal = {
    code: "JOURNAL_NEWER",
    message: `${path} has schema 7, this version knows ${MIGRATIONS.length}`,
    hint: "Update the store: npm install --save-dev @troupe/store-sqlite@latest",
  };
  await expect(store.append(RUN, 1, newEntry(RUN, "e2"))).rejects.toMatchObject(refusal);
  await expect(collect(openStore(folder).read(RUN))).rejects.toMatchObject(refusal);
  withDatabase(path, (db) => db.exec(`PRAGMA user_version = ${MIGRATIONS.length}`));
  expect(await collect(store.read(RUN))).toEqual([{ ...FIRST, seq: 1 }]);
});

test("refuses a file of Troupe whose schema is gone", async () => {
  const { store, folder } = await tempStore();
  await store.create(RUN, FIRST);
  await store.close();
  withDatabase(join(folder, "troupe.db"), (db) => db.exec("PRAGMA user_version = 0"));
  await expect(collect(openStore(folder).list())).rejects.toMatchObject({ code: "JOURNAL_CORRUPT" });
});

test("goes from any version of the schema to the newest, once, in one transaction", () => {
  const db = new DatabaseSync(":memory:");
  const version = () => db.prepare("PRAGMA user_version").get()?.user_version;
  migrate(db, MIGRATIONS);
  expect(version()).toBe(MIGRATIONS.length);
  const more = [...MIGRATIONS, "ALTER TABLE leases ADD COLUMN note TEXT", "CREATE TABLE notes (note TEXT)"];
  expect(() => migrate(db, [...more, "CREATE TABLE notes (again TEXT)"])).toThrow("already exists");
  expect([version(), db.prepare("PRAGMA table_info(notes)").all()]).toEqual([MIGRATIONS.length, []]);
  migrate(db, more);
  migrate(db, more);
  migrate(db, MIGRATIONS); // an older version of the store finds a newer schema
  expect(version()).toBe(more.length);
  db.close();
});

test("goes on with the file that has the name, not with one that was moved or deleted", async () => {
  const { store, folder } = await tempStore();
  const path = join(folder, "troupe.db");
  await store.create(RUN, FIRST);
  await link(path, join(folder, "kept.db"));
  await rm(path);
  await expect(store.append(RUN, 1, newEntry(RUN, "e2"))).rejects.toMatchObject({ code: "JOURNAL_CORRUPT" });
  await rm(`${path}-wal`, { force: true });
  await store.create("run-2", newEntry("run-2", "e1"));
  await expect(store.append(RUN, 1, newEntry(RUN, "e2"))).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
});

test.runIf(process.platform === "linux")("refuses a network file system, unless forced", async () => {
  const folder = join(await tempFolder(), "below", ".troupe");
  const volumeType = () => 0x6969;
  const store = openStore(folder, { volumeType });
  const refusal = { code: "STORE_UNSUPPORTED", message: expect.stringContaining("(nfs)") };
  await expect(store.create(RUN, FIRST)).rejects.toMatchObject(refusal);
  expect(await collect(store.list())).toEqual([]);
  await openStore(folder, { volumeType, force: true }).create(RUN, FIRST);
  await expect(collect(store.list())).rejects.toMatchObject(refusal);
});
