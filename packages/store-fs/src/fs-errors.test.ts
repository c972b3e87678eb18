import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { faultError, storeError } from "./fs-errors.js";
import { nodeFileSystem } from "./node-file-system.js";

test.skipIf(process.platform === "win32")(
  "hints name paths as a shell reads them back, and what stands in the way",
  async () => {
    const folder = await realpath(await mkdtemp(join(tmpdir(), "troupe-")));
    onTestFinished(() => rm(folder, { recursive: true }));
    for (const name of ["plain", 'o\'dd "one" $HOME `date` \\ !']) {
      const path = join(folder, name, ".troupe");
      await mkdir(dirname(path));
      await writeFile(path, "");
      for (const [code, looked] of [
        ["EACCES", dirname(path)],
        ["ENOTDIR", path],
        ["EEXIST", path],
      ] as const) {
        const { hint } = await storeError(nodeFileSystem, Object.assign(new Error(), { code }), "prepare", path);
        const command = hint?.split(": ").at(-1) ?? "";
        expect(execFileSync("sh", ["-c", command.replace("ls -ld", "printf %s")], { encoding: "utf8" })).toBe(looked);
      }
    }
  },
);

test("a journal of a later format is told with the newest that is known", () => {
  const { message } = faultError("run-1", "/x/journal.jsonl", { kind: "newer", offset: 1, version: 3 });
  expect(message).toBe("the journal of run run-1 has format 3 at byte 1, this version knows 2");
});
