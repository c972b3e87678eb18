import { readFileSync } from "node:fs";
import { ERROR_CODES, type ErrorCode, TroupeError } from "@troupe/core";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { createCli, HALF, pluginModule, TWO_STAGE_FILES } from "../../test/cli-harness.js";
import type { ErrorCase } from "../../test/errors/scenario.js";
import { TYPED_SCENARIOS } from "../../test/errors/typed-scenarios.js";
import { WORLD_SCENARIOS } from "../../test/errors/world-scenarios.js";
import { SCHEMA_FOLDER } from "../../test/output-schemas.js";
import { showJsonError } from "./json-error.js";

const validate = new Ajv({ strict: false, allErrors: true }).compile(
  JSON.parse(readFileSync(`${SCHEMA_FOLDER}/output-error.schema.json`, "utf8")),
);

/** The error in a line of standard error, as its schema has it. */
function errorIn(line: string): Readonly<Record<string, unknown>> {
  const output = JSON.parse(line);
  expect({ line, valid: validate(output), errors: validate.errors }).toEqual({ line, valid: true, errors: null });
  return output.error;
}

/** Of what was written to standard error: one error, behind messages in words at most. */
function lastError(stderr: string): Readonly<Record<string, unknown>> {
  const lines = stderr.trimEnd().split("\n");
  expect(lines.filter((line) => line.startsWith("{"))).toHaveLength(1);
  expect(stderr).not.toMatch(/^error: |^hint: /m);
  return errorIn(lines.at(-1) ?? "");
}

const CASES: readonly (readonly [string, ErrorCase])[] = Object.entries({ ...TYPED_SCENARIOS, ...WORLD_SCENARIOS });

describe.each(CASES.flatMap(([code, found]) => ("why" in found || found.endsStage ? [] : [{ code, found }])))(
  "$code",
  ({ code, found }) => {
    test("is one line of JSON that the schema has", async () => {
      const cli = await createCli(found.files);
      await found.before?.(cli);
      try {
        const args = [...found.args(cli), "--json"];
        const { code: exitCode, stderr } = await (found.host === undefined
          ? cli.raw(...args)
          : cli.runWith(found.host(cli), ...args));
        const expected = ERROR_CODES[code as ErrorCode].exitCode;
        expect({ exitCode, error: lastError(stderr) }).toMatchObject({
          exitCode: expected,
          error: { code, exitCode: expected, hint: expect.any(String) },
        });
      } finally {
        await found.after?.(cli);
      }
    });
  },
);

test("what the parser of arguments refuses is an error like all others", async () => {
  const cli = await createCli(TWO_STAGE_FILES);
  const refused = async (...args: readonly string[]): Promise<unknown> => {
    const { code, stdout, stderr } = await cli.run(...args);
    const { message, hint } = errorIn(stderr);
    return { code, stdout, message, hint };
  };
  const usage = { code: 2, stdout: "" };
  expect(await refused("run", "objective.md", "--jsno", "--json")).toEqual({
    ...usage,
    message: "unknown option '--jsno' (Did you mean --json?)",
    hint: "See what it takes: troupe run --help",
  });
  expect(await refused("--json", "stauts")).toEqual({
    ...usage,
    message: "unknown command 'stauts' (Did you mean status?)",
    hint: "See what it takes: troupe --help",
  });
  expect(await refused("--json", "help", "stauts")).toEqual(await refused("--json", "stauts"));
  expect(await cli.shown("help", "stauts")).toBe(await cli.shown("stauts"));
  expect((await cli.run("help", "status")).stdout).toContain("Usage: troupe status");
  expect(await refused("--json", "cancel")).toEqual({
    ...usage,
    message: "missing required argument 'run'",
    hint: "See what it takes: troupe cancel --help",
  });
  expect(await refused("--json", "graph", "--format", "png")).toMatchObject({
    ...usage,
    message: expect.stringContaining("argument 'png' is invalid"),
  });
  expect(await refused("--json")).toEqual({
    ...usage,
    message: "no command was given",
    hint: "See what it takes: troupe --help",
  });
  expect((await cli.run("run", "--help", "--json")).code).toBe(0);
});

test("all mistakes of files are in it, with the place of the first, and are not shown beside", async () => {
  const stages = "stages:\n  A: { work_agnt: a }\n  B: { work_agent: b, needs: [C] }\n";
  const cli = await createCli({ ...TWO_STAGE_FILES, "stages.yaml": stages });
  const { code, stdout, stderr } = await cli.run("run", "objective.md", "--json");
  expect([code, stdout, stderr.split("\n").length]).toEqual([3, "", 2]);
  expect(errorIn(stderr)).toMatchObject({
    code: "CONFIG_INVALID",
    message: "2 mistakes in stages.yaml",
    hint: "Mend it, then check: troupe validate stages.yaml",
    exitCode: 3,
    file: "stages.yaml",
    line: 2,
    column: 8,
    diagnostics: [
      { severity: "error", file: "stages.yaml", line: 2, column: 8 },
      { severity: "error", file: "stages.yaml", line: 3 },
    ],
  });
});

test("a file that cannot be read is named apart from the words", async () => {
  const cli = await createCli(TWO_STAGE_FILES);
  expect(errorIn((await cli.run("run", "none.md", "--json")).stderr)).toMatchObject({
    code: "FILE_NOT_FOUND",
    message: "cannot read none.md: it does not exist",
    file: "none.md",
    line: null,
    column: null,
  });
});

test("a plugin that cannot be used has the place that names it", async () => {
  const cli = await createCli({ ...TWO_STAGE_FILES, "troupe.yaml": 'agents:\n  default: ["replay", { fiel: x }]\n' });
  expect(errorIn((await cli.run("run", "objective.md", "--json")).stderr)).toMatchObject({
    code: "PLUGIN_OPTIONS_INVALID",
    message: expect.stringMatching(/^troupe\.yaml:2:13: options of agent "replay": /),
    file: "PROJECT/troupe.yaml",
    line: 2,
    column: 13,
    diagnostics: [],
  });
});

test("an error behind events stands on its own stream, and a failed run is no error", async () => {
  const cli = await createCli(HALF);
  const failed = await cli.run("run", "objective.md", "--json");
  expect([failed.code, failed.stderr.includes("{")]).toEqual([1, false]);
  const { code, stdout, stderr } = await cli.run("watch", "nope-1", "--json", "--cwd", ".");
  expect([code, stdout]).toEqual([2, ""]);
  expect(errorIn(stderr)).toMatchObject({ code: "RUN_NOT_FOUND", hint: "See all runs: troupe --cwd . list" });
});

test("a mistake of our own says where it happened, another one only when more is asked for", async () => {
  const shown = (error: unknown, isVerbose = false): unknown => {
    let text = "";
    const write = (more: string): void => {
      text += more;
    };
    const stderr = { write, isTerminal: false, size: () => ({ columns: 80, rows: 24 }) };
    return [showJsonError(error, { stderr }, isVerbose), errorIn(text)];
  };
  const nothing = { file: null, line: null, column: null, diagnostics: [], details: {}, stack: null };
  const odd = new TypeError("no\u001b[2J list");
  const hint = "If a run was started, its state is safe: troupe list";
  expect(shown(odd)).toEqual([
    6,
    {
      ...nothing,
      code: "INTERNAL",
      message: "troupe itself failed: no\u001b[2J list",
      hint,
      exitCode: 6,
      stack: odd.stack,
    },
  ]);
  expect(shown("words")).toEqual([
    6,
    { ...nothing, code: "INTERNAL", message: "troupe itself failed: words", hint, exitCode: 6 },
  ]);
  const failed = new TroupeError("STORE_FAILED", "no", { cause: odd, details: { path: "/a", reason: "EIO" } });
  const known = {
    ...nothing,
    code: "STORE_FAILED",
    message: "no",
    hint: null,
    exitCode: 6,
    file: "/a",
    details: { path: "/a", reason: "EIO" },
  };
  expect(shown(failed)).toEqual([6, known]);
  expect(shown(failed, true)).toEqual([6, { ...known, stack: odd.stack }]);
  const bare = new Error("bare");
  delete bare.stack;
  expect(shown(bare)).toEqual([
    6,
    { ...nothing, code: "INTERNAL", message: "troupe itself failed: bare", hint, exitCode: 6, stack: "bare" },
  ]);
});

test("the value of a secret is not in it", async () => {
  const cli = await createCli({
    "broken.mjs": pluginModule("store", '() => { throw new Error("cannot log in with canary-12345678"); }'),
    "troupe.yaml": "store: ./broken.mjs\nsecrets: [TOKEN]\n",
  });
  const environment = { PATH: process.env.PATH, TOKEN: "canary-12345678" };
  const { stderr } = await cli.runWith({ environment }, "list", "--json", "-v");
  expect([errorIn(stderr).code, stderr.includes("canary")]).toEqual(["PLUGIN_LOAD_FAILED", false]);
});
