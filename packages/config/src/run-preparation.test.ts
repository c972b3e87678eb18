import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineWorkflow, TroupeError } from "@troupe/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { resolveChecks } from "./acceptance-checks.js";
import { loadTemplates } from "./load-templates.js";
import { parseWorkflow } from "./parse-workflow.js";
import { readProjectTestCommand } from "./read-test-command.js";
import { readTextFile } from "./read-text-file.js";
import { inputValues, validateSkip } from "./run-arguments.js";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "troupe-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
}

/** Code, message and hint of what it throws or rejects. */
async function failure(run: () => unknown): Promise<readonly unknown[]> {
  try {
    await run();
  } catch (error) {
    if (error instanceof TroupeError) return [error.code, error.message, error.hint];
    throw error;
  }
  return [];
}

describe("resolveChecks", () => {
  const workflow = defineWorkflow({
    name: "w",
    stages: [
      { id: "W", workAgent: "a", checks: [{ shell: "w" }] },
      { id: "OWN", kind: "acceptance", workAgent: "a", checks: [{ shell: "own" }] },
      { id: "NONE", kind: "acceptance", workAgent: "a" },
    ],
  });
  const detected = { command: { argv: ["npm", "test"] }, source: "package.json scripts.test" };
  const sourcesOf = (sources: Parameters<typeof resolveChecks>[1]): readonly unknown[] => {
    const { workflow: filled, resolved } = resolveChecks(workflow, sources);
    return [filled.stages.map((stage) => stage.checks), resolved.map(({ stage, source }) => [stage, source])];
  };

  it("takes the stage's own, then the project's, then --check, then what it found", () => {
    const own = ["OWN", "checks of stage OWN"];
    const filled = (check: object): readonly unknown[] => [[{ shell: "w" }], [{ shell: "own" }], [check]];
    expect(sourcesOf({ project: [{ shell: "p" }], flags: ["f"], detected })).toEqual([
      filled({ shell: "p" }),
      [own, ["NONE", "checks of the project file"]],
    ]);
    expect(sourcesOf({ project: [], flags: ["f"], detected })).toEqual([
      filled({ shell: "f" }),
      [own, ["NONE", "--check"]],
    ]);
    expect(sourcesOf({ project: [], flags: [], detected })).toEqual([
      filled({ argv: ["npm", "test"] }),
      [own, ["NONE", "package.json scripts.test"]],
    ]);
  });

  it("refuses linked scenarios that no report could link", async () => {
    const demanding = (checks: Parameters<typeof defineWorkflow>[0]["stages"][number]["checks"]) =>
      defineWorkflow({
        name: "w",
        stages: [{ id: "A", kind: "acceptance", workAgent: "a", scenarios: "linked", checks: checks ?? [] }],
      });
    const report = { format: "tap", files: [] } as const;
    const none = { project: [], flags: [], detected };
    expect(await failure(() => resolveChecks(demanding([]), none))).toEqual([
      "WORKFLOW_INVALID",
      'acceptance stage "A" demands linked scenarios, and none of its checks (package.json scripts.test) has a test report',
      'Write the check as a map, such as { run: "npm test", report: "reports/junit.xml" }, or remove scenarios: linked.',
    ]);
    expect(await failure(() => resolveChecks(demanding([{ shell: "x" }]), none))).toHaveProperty(
      "0",
      "WORKFLOW_INVALID",
    );
    expect(await failure(() => resolveChecks(demanding([{ shell: "x" }, { shell: "y", report }]), none))).toEqual([]);
    const fromProject = { ...none, project: [{ argv: ["z"], report }] };
    expect(await failure(() => resolveChecks(demanding([]), fromProject))).toEqual([]);
  });

  it("refuses with the line to add when there is none", async () => {
    expect(await failure(() => resolveChecks(workflow, { project: [], flags: [], detected: null }))).toEqual([
      "ACCEPTANCE_NO_CHECKS",
      'acceptance stage "NONE" has no checks to run',
      'Add "checks: [npm test]" with your own command to troupe.yaml, or say --check "npm test".',
    ]);
  });
});

describe("readProjectTestCommand", () => {
  const script = (extra: object = {}): string => JSON.stringify({ scripts: { test: "vitest" }, ...extra });
  it.each<readonly [string, Readonly<Record<string, string>>, readonly string[] | null, string | null]>([
    ["nothing", {}, null, null],
    ["npm", { "package.json": script() }, ["npm", "test"], "package.json scripts.test"],
    [
      "pnpm by its name",
      { "package.json": script({ packageManager: "pnpm@9.0.0" }) },
      ["pnpm", "test"],
      "package.json scripts.test",
    ],
    [
      "yarn by its lockfile",
      { "package.json": script(), "yarn.lock": "" },
      ["yarn", "test"],
      "package.json scripts.test",
    ],
    [
      "bun by its lockfile",
      { "package.json": script(), "bun.lock": "" },
      ["bun", "run", "test"],
      "package.json scripts.test",
    ],
    [
      "the placeholder of npm",
      { "package.json": '{"scripts":{"test":"echo \\"Error: no test specified\\" && exit 1"}}' },
      null,
      null,
    ],
    [
      "a broken manifest, then make",
      { "package.json": "{", Makefile: "all:\n\ntest : all\n\tx\n" },
      ["make", "test"],
      "Makefile test",
    ],
    ["a manifest that is none", { "package.json": "5", Makefile: "test := 5\n" }, null, null],
    ["a manifest without scripts", { "package.json": '{"scripts":5}' }, null, null],
    ["cargo", { "Cargo.toml": "" }, ["cargo", "test"], "Cargo.toml"],
    ["go", { "go.mod": "" }, ["go", "test", "./..."], "go.mod"],
    ["pytest", { "pyproject.toml": "[tool.pytest.ini_options]" }, ["pytest"], "pyproject.toml"],
    ["pytest by uv", { "setup.cfg": "x", "pytest.ini": "", "uv.lock": "" }, ["uv", "run", "pytest"], "pytest.ini"],
    ["python without pytest", { "pyproject.toml": "[project]", "setup.cfg": "", "tox.ini": "[tox]" }, null, null],
  ])("finds %s", async (_name, files, argv, source) => {
    await write(files);
    expect(await readProjectTestCommand(folder)).toEqual(argv === null ? null : { command: { argv }, source });
  });
});

describe("loadTemplates", () => {
  const origin = { file: "stages.yaml", locate: () => ({ line: 7, column: 3 }) };
  const workflow = (...paths: readonly (string | null)[]): ReturnType<typeof defineWorkflow> =>
    defineWorkflow({ name: "w", stages: paths.map((promptTemplate, index) => ({ id: `S${index}`, promptTemplate })) });

  it("reads each template once", async () => {
    await write({ "a.md": "A\r\nB" });
    expect(await loadTemplates(folder, workflow("a.md", null, "a.md"), origin)).toEqual({
      templates: [{ path: "a.md", text: "A\nB" }],
      diagnostics: [],
    });
  });

  it("reports all that cannot be read, with their places", async () => {
    await write({ "utf16.md": "" });
    await writeFile(join(folder, "utf16.md"), Uint8Array.from([0xff, 0xfe]));
    await mkdir(join(folder, "sub"));
    await symlink(tmpdir(), join(folder, "out"));
    const { templates, diagnostics } = await loadTemplates(
      folder,
      workflow("no.md", "utf16.md", "sub", "out/x.md", "no.md"),
      origin,
    );
    expect(templates).toEqual([]);
    expect(
      diagnostics.map(({ code, message, file, line, column }) => [
        code,
        message.replaceAll(folder, "FOLDER"),
        `${file}:${line}:${column}`,
      ]),
    ).toEqual([
      ["FILE_NOT_FOUND", 'prompt template of stage "S0": cannot read no.md: it does not exist', "stages.yaml:7:3"],
      ["CONFIG_INVALID", 'prompt template of stage "S1": utf16.md: the file is UTF-16', "stages.yaml:7:3"],
      ["FILE_NOT_FOUND", 'prompt template of stage "S2": cannot read sub: it is a folder', "stages.yaml:7:3"],
      ["PATH_OUTSIDE", expect.stringContaining('prompt template of stage "S3"'), "stages.yaml:7:3"],
      ["FILE_NOT_FOUND", 'prompt template of stage "S4": cannot read no.md: it does not exist', "stages.yaml:7:3"],
    ]);
  });

  it("does not hide a folder that is not there", async () => {
    await expect(loadTemplates(join(folder, "gone"), workflow("a.md"), origin)).rejects.toThrow("ENOENT");
  });

  it("does not look for a template that no prompt would use", async () => {
    const text = `defaults: { prompt_template: gone.md }
stages: { A: { run: make, prompt_template: gone-too.md }, Z: {} }
`;
    const parsed = parseWorkflow(text, "s.yaml");
    if (parsed.workflow === null) throw new Error("not parsed");
    expect(await loadTemplates(folder, parsed.workflow, { file: "s.yaml", locate: parsed.locate })).toEqual({
      templates: [],
      diagnostics: [],
    });
  });

  it("places them where the file names them", async () => {
    const text = "stages:\n  A:\n    work_agent: pm\n    prompt_template: gone.md\n";
    const parsed = parseWorkflow(text, "s.yaml");
    if (parsed.workflow === null) throw new Error("not parsed");
    const { diagnostics } = await loadTemplates(folder, parsed.workflow, { file: "s.yaml", locate: parsed.locate });
    expect(diagnostics.map(({ line, column }) => [line, column])).toEqual([[4, 22]]);
  });
});

describe("readTextFile", () => {
  it("reads a text, and refuses one that is too large without reading it whole", async () => {
    await write({ small: "x", large: "x".repeat(1024 * 1024 + 1) });
    expect(await readTextFile(join(folder, "small"), "small")).toEqual({ text: "x", diagnostics: [] });
    expect((await readTextFile(join(folder, "large"))).text).toBeNull();
  });

  it.skipIf(process.getuid?.() === 0)("says that access is denied", async () => {
    await write({ secret: "x" });
    await chmod(join(folder, "secret"), 0);
    expect((await failure(() => readTextFile(join(folder, "secret"), "secret")))[1]).toBe(
      "cannot read secret: access is denied",
    );
  });

  it.skipIf(process.platform === "win32")("refuses pipes and devices, and waits for no writer", async () => {
    execFileSync("mkfifo", [join(folder, "pipe")]);
    expect(await failure(() => readTextFile(join(folder, "pipe"), "pipe"))).toEqual([
      "FILE_NOT_FOUND",
      "cannot read pipe: it is not a file",
      "Pipes and devices are not read. Write it to a file, or name - for an objective on standard input.",
    ]);
    expect((await failure(() => readTextFile("/dev/zero", "zero")))[1]).toBe("cannot read zero: it is not a file");
    expect((await failure(() => readTextFile(folder, "folder")))[1]).toBe("cannot read folder: it is a folder");
  });

  it("says why else a file cannot be read", async () => {
    expect((await failure(() => readTextFile(`${folder}/a\0b`, "odd")))[0]).toBe("FILE_NOT_FOUND");
  });
});

describe("validateSkip", () => {
  const workflow = defineWorkflow({ name: "w", stages: [{ id: "SPEC", optional: true }, { id: "PLAN" }] });
  it("accepts optional stages", () => {
    expect(validateSkip(workflow, ["SPEC"])).toBeUndefined();
    expect(validateSkip(workflow, [])).toBeUndefined();
  });
  it("refuses unknown and required ones", async () => {
    expect(await failure(() => validateSkip(workflow, ["SPEK", "PLAN"]))).toEqual([
      "STAGE_UNKNOWN",
      'the workflow has no stage "SPEK" to skip',
      'did you mean "SPEC"?',
    ]);
    expect(await failure(() => validateSkip(workflow, ["ZZZ"]))).toEqual([
      "STAGE_UNKNOWN",
      'the workflow has no stage "ZZZ" to skip',
      "Its optional stages: SPEC.",
    ]);
    expect(await failure(() => validateSkip(workflow, ["SPEC", "PLAN"]))).toEqual([
      "USAGE",
      '"PLAN" cannot be skipped: not optional',
      'Optional stages: SPEC. To make one optional write "optional: true" in the workflow.',
    ]);
    const strict = defineWorkflow({ name: "w", stages: [{ id: "PLAN" }] });
    expect((await failure(() => validateSkip(strict, ["PLAN"])))[2]).toContain("Optional stages: none.");
  });
});

describe("inputValues", () => {
  const inputs = [
    { name: "TICKET", description: "", default: null },
    { name: "BRANCH", description: "", default: "main" },
  ];
  const workflow = { ...defineWorkflow({ name: "w", stages: [{ id: "A" }] }), inputs };
  it("fills in defaults", () => {
    expect(inputValues(workflow, { TICKET: "5" })).toEqual({ TICKET: "5", BRANCH: "main" });
    expect(inputValues(workflow, { TICKET: "", BRANCH: "x" })).toEqual({ TICKET: "", BRANCH: "x" });
  });
  it("names everything that is wrong", async () => {
    expect(await failure(() => inputValues(workflow, { TICKETT: "5" }))).toEqual([
      "INPUT_INVALID",
      'the workflow declares no input "TICKETT"; input "TICKET" has no value',
      'did you mean "TICKET"? Give --input TICKET=VALUE.',
    ]);
    expect(await failure(() => inputValues({ ...workflow, inputs: [] }, { X: "5" }))).toEqual([
      "INPUT_INVALID",
      'the workflow declares no input "X"',
      "Declared inputs: none.",
    ]);
  });
});
