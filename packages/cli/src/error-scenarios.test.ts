import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ERROR_CODES, type ErrorCode } from "@troupe/core";
import { describe, expect, test } from "vitest";
import { createCli, type TestCli } from "../test/cli-harness.js";
import type { ErrorCase, ErrorException, ErrorScenario } from "../test/errors/scenario.js";
import { STAGE_SCENARIOS } from "../test/errors/stage-scenarios.js";
import { TYPED_SCENARIOS } from "../test/errors/typed-scenarios.js";
import { WORLD_SCENARIOS } from "../test/errors/world-scenarios.js";
import { addCommands } from "./arguments/all-commands.js";
import { createProgram } from "./program.js";

const CASES: Partial<Readonly<Record<string, ErrorCase>>> = {
  ...STAGE_SCENARIOS,
  ...TYPED_SCENARIOS,
  ...WORLD_SCENARIOS,
};
const CODES = Object.keys(ERROR_CODES);

test("each code has one scenario or a reason to have none", () => {
  expect(Object.keys(CASES).toSorted()).toEqual(CODES.toSorted());
  const all = [STAGE_SCENARIOS, TYPED_SCENARIOS, WORLD_SCENARIOS].flatMap((cases) => Object.keys(cases));
  expect(all).toHaveLength(CODES.length);
});

for (const code of CODES) {
  const found = CASES[code];
  if (found === undefined) continue;
  if ("why" in found) {
    test(`${code} has a test elsewhere, for ${found.why}`, () => {
      expect(textOfTest(found)).toContain(`"${code}"`);
    });
  } else describe(code, () => provokes(code, found));
}

describe("RUN_LOCKED, by a clean", () => {
  const held = TYPED_SCENARIOS.RUN_LOCKED;
  if (held === undefined || "why" in held) throw new Error("RUN_LOCKED has no scenario");
  provokes("RUN_LOCKED", { ...held, args: (cli) => ["clean", cli.runId()] });
});

/** From the name of a test, which stands in its file just once, to the end of its call. */
function textOfTest({ file, test: name }: ErrorException): string {
  const path = fileURLToPath(new URL(`../../../${file}`, import.meta.url));
  const [before = "", after, ...others] = readFileSync(path, "utf8").split(`"${name}"`);
  expect({ name, found: after !== undefined && others.length === 0 }).toEqual({ name, found: true });
  expect(before).toMatch(/\btest(?:\.\w+\([^;]*?\))?\(\s*$/);
  return after?.split(/\n\s*(?:test|describe)\b/)[0] ?? "";
}

function provokes(code: string, scenario: ErrorScenario): void {
  test("is shown with what, why, and a command that is understood", async () => {
    const cli = await createCli(scenario.files);
    await scenario.before?.(cli);
    try {
      const args = scenario.args(cli);
      const { code: exitCode, stdout, stderr } = await performWith(cli, scenario, args);
      const shown = `${stdout}${stderr}`;
      const inText = shown.includes(`[${code}]`) || shown.includes(`${code}: `);
      const expected = scenario.endsStage === true ? 1 : ERROR_CODES[code as ErrorCode].exitCode;
      expect({ exitCode, code: inText ? code : shown }).toEqual({ exitCode: expected, code });
      const hints = hintsIn(shown);
      expect({ shown, hints: hints.length > 0 }).toEqual({ shown, hints: true });
      for (const hint of hints) await tryOut(cli, { ...scenario, code }, args, hint);
    } finally {
      await scenario.after?.(cli);
    }
  });
}

async function performWith(cli: TestCli, { host }: ErrorScenario, args: readonly string[]): ReturnType<TestCli["raw"]> {
  if (host === undefined) return await cli.raw(...args);
  return await cli.runWith(host(cli), ...args);
}

/** What may be done: a command, or flags to add to the one that was typed. Else a sentence says what to mend where. */
type Hint = { readonly command: readonly string[] } | { readonly add: readonly string[] } | { readonly mend: string };

function hintsIn(shown: string): readonly Hint[] {
  const lines = shown.split("\n");
  const at = lines.findIndex((line) => /^\s*(hint: |Mend the cause|Go on )/.test(line));
  if (at < 0) return [];
  return lines.slice(at).flatMap((line): readonly Hint[] => {
    const added = /\badd (--[a-z-]+)/.exec(line)?.[1];
    const commands = [...line.matchAll(/(?:^|[^\w/])troupe ((?:[a-z]+)(?: [^,;`()]*)?)/g)].map(
      ([, words = ""]) => words,
    );
    const parsed = commands.map((words) => ({ command: wordsOf(words) }));
    if (added !== undefined) return [...parsed, { add: [added] }];
    if (parsed.length > 0) return parsed;
    return line.trim().length > 10 ? [{ mend: line }] : [];
  });
}

function wordsOf(text: string): readonly string[] {
  return [...text.trim().matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, one, two, three]) => one ?? two ?? three ?? "",
  );
}

type Provoked = ErrorScenario & { readonly code: string };

/** What would wait for a run, or end one, is only parsed, by the commands as they are, and must name a run that exists. */
async function parses(cli: TestCli, typed: readonly string[]): Promise<void> {
  const sink = { write: () => {}, isTerminal: false, size: () => ({ columns: 80, rows: 24 }) };
  const program = createProgram({ stdout: sink, stderr: sink });
  const parsed: { name: string; run: string | undefined }[] = [];
  addCommands(program, async (command) => void parsed.push({ name: command.name(), run: command.args[0] }));
  await program.parseAsync([...typed], { from: "user" });
  expect(parsed).toEqual([{ name: typed[0], run: expect.toSatisfy((run) => cli.runs().includes(run)) }]);
}

/** It need not succeed, for the cause may still be there, but it must be a command that means something here. */
async function tryOut(cli: TestCli, scenario: Provoked, args: readonly string[], hint: Hint): Promise<void> {
  if ("mend" in hint) return;
  const typed = "add" in hint ? [...args, ...hint.add] : hint.command;
  if (typed[0] === "watch" || typed[0] === "cancel") return await parses(cli, typed);
  const { stderr } = await performWith(cli, scenario, harmless(typed));
  const misunderstood = /unknown (?:option|command)|too many arguments|missing required argument/.exec(stderr);
  expect({ typed, misunderstood: misunderstood?.[0] ?? null }).toEqual({ typed, misunderstood: null });
  const isInternal = stderr.includes("[INTERNAL]") && scenario.code !== "INTERNAL";
  expect({ typed, isInternal }).toEqual({ typed, isInternal: false });
  const isUsage = stderr.includes("[USAGE]") && !scenario.args(cli).includes("resume");
  expect({ typed, isUsage }).toEqual({ typed, isUsage: false });
}

/** What would begin a run, or go on with one, does all but that. */
function harmless(typed: readonly string[]): readonly string[] {
  const [command] = typed;
  if (command === "run" || command === "repair") return [...typed, "--dry-run"];
  return command === "resume" ? [...typed, "--plan"] : typed;
}
