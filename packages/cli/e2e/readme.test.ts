import { execFile } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createProject, type Finished, gitInit } from "./harness.js";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const CLAUDE = fileURLToPath(new URL("fixtures/scripted-claude.mjs", import.meta.url));

interface RootManifest {
  readonly packageManager: string;
  readonly scripts: { readonly troupe: string };
}

/** The commands of a section of the README, in their order, as they stand there. */
function commandsOf(heading: string): readonly string[] {
  const readme = readFileSync(join(ROOT, "README.md"), "utf8");
  const [, rest = ""] = readme.split(`\n## ${heading}\n`);
  const [section = ""] = rest.split("\n## ");
  const blocks = [...section.matchAll(/^ *```sh\n([\s\S]*?)^ *```$/gm)].map(([, block = ""]) => block);
  return blocks.flatMap((block) => block.split("\n").map((line) => line.trim())).filter((line) => line !== "");
}

/**
 * `npx -y pnpm@VERSION troupe ...` as it ends up, the script of package.json from source, without what npx and pnpm
 * would fetch and install before. Anything else is refused.
 */
function npxScript(): string {
  const manifest: RootManifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const { packageManager, scripts } = manifest;
  return `#!/bin/sh
[ "$1 $2 $3" = "-y ${packageManager} troupe" ] || { echo "not as package.json has it: npx $*" >&2; exit 99; }
shift 3
cd '${ROOT}' && PATH='${join(ROOT, "node_modules", ".bin")}':"$PATH" exec ${scripts.troupe} "$@"
`;
}

test("the first run of the README, typed word for word, ends with all stages completed", async () => {
  const home = await createProject({
    "my-project/package.json": '{ "name": "mine", "type": "module", "scripts": { "test": "node --test" } }\n',
    "my-project/add.test.js":
      'import assert from "node:assert";\nimport test from "node:test";\ntest("adds", () => assert.equal(1 + 1, 2));\n',
  });
  gitInit(join(home.folder, "my-project"));
  const bin = join(home.folder, "bin");
  mkdirSync(bin);
  copyFileSync(CLAUDE, join(bin, "claude"));
  writeFileSync(join(bin, "npx"), npxScript());
  for (const name of ["claude", "npx"]) chmodSync(join(bin, name), 0o755);
  const env = {
    HOME: home.folder,
    PATH: [bin, dirname(process.execPath), process.env.PATH].join(delimiter),
    // no setting of the tests may help: a new user has none of them
    LANG: "C.UTF-8",
  };
  const type = (line: string): Promise<Finished> =>
    new Promise((resolve) => {
      const child = execFile("sh", ["-c", line], { cwd: ROOT, env }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : child.exitCode, signal: child.signalCode, stdout, stderr });
      });
      child.stdin?.end();
    });
  const commands = commandsOf("A first run with a real agent");
  expect(commands.map((line) => /troupe (\w+)/.exec(line)?.[1])).toEqual(["init", "validate", "run", "run", "status"]);
  const ends: Finished[] = [];
  for (const line of commands) ends.push(await type(line));
  expect(ends.map(({ code, stderr }) => ({ code, error: code === 0 ? "" : stderr }))).toEqual(
    commands.map(() => ({ code: 0, error: "" })),
  );
  const [init, , dryRun, run, status] = ends.map(({ stdout }) => stdout);
  expect(init).toMatch(/^wrote {2}troupe\.yaml$/m);
  expect(dryRun).toMatch(/^ +check {2}npm test$/m);
  expect(run).toMatch(/^Done: \S+\. 14 completed of 14 stages\. /);
  expect(status).toMatch(/^Run \S+: succeeded$/m);
  expect(home.has("my-project/.troupe/runs")).toBe(true);
}, 120_000);
