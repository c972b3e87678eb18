import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { tempFolder } from "../test/temp-store.js";

test("the example of the README works as it stands there, and Node warns of nothing", async () => {
  const example = new URL("../test/readme-example.ts", import.meta.url);
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  expect(readme).toContain(`\`\`\`ts\n${await readFile(example, "utf8")}\`\`\``);
  const args = ["--conditions=@troupe/source", "--import", import.meta.resolve("tsx"), fileURLToPath(example)];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: await tempFolder() });
  expect(stdout).toBe("1 a1\n2 b2\n");
  expect(stderr).toBe("");
});

test("warnings of others are shown as before", async () => {
  const program = 'await import("@troupe/store-sqlite"); process.emitWarning("mine", "ExperimentalWarning");';
  const args = [
    "--conditions=@troupe/source",
    "--import",
    import.meta.resolve("tsx"),
    "--input-type=module",
    "-e",
    program,
  ];
  const cwd = fileURLToPath(new URL("..", import.meta.url));
  const { stderr } = await promisify(execFile)(process.execPath, args, { cwd });
  expect(stderr).toContain("ExperimentalWarning: mine");
  expect(stderr).not.toContain("SQLite");
});
