import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { changedFiles, copyExample } from "./examples.js";
import { eventsOf, statusOf } from "./harness.js";

const FILES = ["stages.yaml", "objective.md"];

test("the example without agents checks a repository side by side and leaves an archive with its checksums", async () => {
  const project = await copyExample("commands-only", FILES);
  const { code, stdout } = await project.run("run", "objective.md");
  expect({ code, stdout: stdout.replace(/Done: \S+\./, "Done: RUN.") }).toEqual({
    code: 0,
    stdout: "Done: RUN. 6 completed of 6 stages.\n",
  });
  const turns = eventsOf(project).flatMap(({ type, turn }) => (type.startsWith("turn.") ? [`${type} ${turn}`] : []));
  const started = ["LINT", "SYNTAX", "TESTS"].map((stage) => turns.indexOf(`turn.started ${stage}.1`));
  const settled = ["LINT", "SYNTAX", "TESTS"].map((stage) => turns.indexOf(`turn.settled ${stage}.1`));
  expect(Math.max(...started)).toBeLessThan(Math.min(...settled)); // all three were under way at once
  const artifacts = join(project.runFolder(), "artifacts", "latest");
  const packed = await mkdtemp(join(tmpdir(), "troupe-"));
  onTestFinished(() => rm(packed, { recursive: true, force: true }));
  execFileSync("tar", ["-xzf", join(artifacts, "plainwrap.tar.gz"), "-C", packed]);
  const sums = readFileSync(join(artifacts, "SHA256SUMS"), "utf8").trimEnd().split("\n");
  expect(sums).toHaveLength(5);
  for (const line of sums) {
    const [sum, name = ""] = line.split(/ +/);
    expect([
      name,
      createHash("sha256")
        .update(readFileSync(join(packed, name)))
        .digest("hex"),
    ]).toEqual([name, sum]);
  }
  expect(changedFiles(project.folder)).toEqual([]);
});

test("a space at the end of a line fails its lint alone, and the mended repository is packed by a resume", async () => {
  const project = await copyExample("commands-only", FILES);
  const file = join(project.folder, "src", "wrap.js");
  const sound = readFileSync(file, "utf8");
  appendFileSync(file, "// a note \n");
  const failed = await project.run("run", "objective.md");
  expect(failed.code).toBe(1);
  expect(failed.stdout).toMatch(/src\/wrap\.js:\d+/);
  expect((await statusOf(project)).stages).toEqual({
    PREPARE: "completed",
    LINT: "failed",
    SYNTAX: "completed",
    TESTS: "completed",
    PACKAGE: "pending",
    DONE: "pending",
  });
  await project.write("src/wrap.js", sound);
  expect((await project.run("resume")).code).toBe(0);
  expect(
    eventsOf(project).filter(({ type, turn }) => type === "turn.started" && turn?.startsWith("TESTS.")),
  ).toHaveLength(1);
});
