import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { ROOT } from "../src/repository.js";
import { blocksOf, readDocument } from "./documents.js";

const run = promisify(execFile);
const TSX = fileURLToPath(import.meta.resolve("tsx"));
const code = (page: string): readonly string[] =>
  blocksOf(`docs/${page}.md`)
    .filter(({ language }) => language === "js")
    .map(({ text }) => text);

/** The files of a tutorial in an empty folder, and what its command prints last. */
async function follow(files: Readonly<Record<string, string>>, args: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "troupe-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, "node_modules/@troupe"), { recursive: true });
  await symlink(join(ROOT, "packages/core"), join(folder, "node_modules/@troupe/core"), "dir");
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const self = ["--conditions=@troupe/source", "--import", TSX, join(ROOT, "packages/conformance/src/bin.ts")];
  const { stdout } = await run(process.execPath, [...self, ...args], { cwd: folder });
  return stdout.trimEnd().split("\n").at(-1) ?? "";
}

/** What the page says that its command ends with. */
function promised(page: string): string {
  return /It ends with `([^`]+)`/.exec(readDocument(`docs/${page}.md`))?.[1] ?? "";
}

test("the executor of the tutorial passes the kit, block after block", async () => {
  const files = { "small-executor.js": code("writing-an-executor").join("\n") };
  expect(await follow(files, ["executor", "./small-executor.js"])).toBe(promised("writing-an-executor"));
});

test("the agent of the tutorial passes the kit with the service of the last block", async () => {
  const blocks = code("writing-an-agent");
  const files = { "service-agent.js": blocks.slice(0, -1).join("\n"), "service-agent.kit.js": blocks.at(-1) ?? "" };
  const options = ["--options", '{"url":"http://127.0.0.1:8127/"}'];
  expect(await follow(files, ["agent", "./service-agent.kit.js", ...options])).toBe(promised("writing-an-agent"));
});

test("the reporter of the tutorial passes the kit", async () => {
  const files = { "outcome-reporter.js": code("writing-a-reporter").join("\n") };
  expect(await follow(files, ["reporter", "./outcome-reporter.js"])).toBe(promised("writing-a-reporter"));
});

test("the store of the tutorial is the one of the kit's README, which the kit's own tests run", () => {
  // the formatter gives blocks that stand alone another indentation than the whole
  const lines = (blocks: readonly string[]): readonly string[] =>
    blocks.flatMap((text) => text.split("\n").map((line) => line.trim())).filter((line) => line !== "");
  const readme = blocksOf("packages/conformance/README.md").filter(({ language }) => language === "js");
  expect(lines(code("writing-a-store"))).toEqual(lines(readme.map(({ text }) => text)));
  expect(readDocument("packages/conformance/README.md")).toContain(`\`${promised("writing-a-store")}\``);
});
