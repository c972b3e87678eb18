import { chmodSync, copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { createProject, type TestProject } from "./harness.js";
import { noTmux, openTmux, type Terminal } from "./tmux.js";

const CLAUDE = fileURLToPath(new URL("fixtures/scripted-claude.mjs", import.meta.url));
const IN_TIME = { timeout: 60_000, interval: 50 };

/** `troupe init` at its first question. */
async function startInit(): Promise<{ readonly project: TestProject; readonly terminal: Terminal }> {
  const project = await createProject({ "package.json": '{ "scripts": { "test": "node --test" } }\n' });
  mkdirSync(join(project.folder, "bin"));
  copyFileSync(CLAUDE, join(project.folder, "bin", "claude"));
  chmodSync(join(project.folder, "bin", "claude"), 0o755);
  const terminal = openTmux(project, { columns: 100, rows: 30 });
  terminal.type('PATH="$PWD/bin:$PATH"');
  terminal.type("troupe init; echo exit=$?");
  await expect.poll(() => terminal.screen(), IN_TIME).toContain("Which agent does the work?");
  return { project, terminal };
}

async function expectRestored(terminal: Terminal): Promise<void> {
  expect(terminal.isCursorVisible()).toBe(true);
  terminal.type("stty -a | tr ' ' '\\n' | grep -cE '^(echo|icanon|isig);?$'");
  await expect.poll(() => terminal.screen(), IN_TIME).toMatch(/^3$/m);
}

describe.skipIf(noTmux !== null)(`in a real terminal${noTmux === null ? "" : ` (left out: ${noTmux})`}`, () => {
  test("init is answered with arrow keys and Enter", async () => {
    const { project, terminal } = await startInit();
    terminal.press("Enter");
    await expect.poll(() => terminal.screen(), IN_TIME).toContain("What may it do without asking?");
    terminal.press("Down");
    terminal.press("Enter");
    await expect.poll(() => terminal.screen(), IN_TIME).toContain("Which command tests the project");
    terminal.press("Enter");
    await expect.poll(() => terminal.screen(), IN_TIME).toMatch(/^exit=0$/m);
    expect(project.read("troupe.yaml")).toMatch(/^ {2}default: \{ plugin: claude, access: edit \}$/m);
    expect(project.read("troupe.yaml")).toMatch(/^ {2}- npm test$/m);
    await expectRestored(terminal);
  });

  test.each([
    ["Ctrl+C", (terminal: Terminal) => terminal.press("C-c"), 130],
    ["kill -TERM", (terminal: Terminal) => terminal.terminate(), 143],
  ] as const)("%s at a question writes nothing and leaves the terminal as it was", async (_how, leave, code) => {
    const { project, terminal } = await startInit();
    leave(terminal);
    await expect.poll(() => terminal.screen(), IN_TIME).toMatch(new RegExp(`^exit=${code}$`, "m"));
    expect(terminal.screen()).toContain("Nothing was written.");
    expect(["troupe.yaml", ".gitignore", ".troupe"].filter((name) => project.has(name))).toEqual([]);
    await expectRestored(terminal);
  });
});
