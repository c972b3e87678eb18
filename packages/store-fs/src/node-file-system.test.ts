import { execFileSync } from "node:child_process";
import { constants } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { nodeFileSystem } from "./node-file-system.js";

test("a process that has only read really syncs, the first times and later: it says so of what cannot be synced", async () => {
  const folder = await mkdtemp(join(tmpdir(), "troupe-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, "fifo");
  execFileSync("mkfifo", [path]);
  const file = await nodeFileSystem.open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  for (let time = 0; time < 10; time += 1) {
    await expect(file.datasync()).rejects.toMatchObject({ code: "EINVAL" });
    await expect(file.sync()).rejects.toMatchObject({ code: "EINVAL" });
  }
  await file.close();
});
