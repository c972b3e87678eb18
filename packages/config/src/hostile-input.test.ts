import { mkdtemp, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { hostileFixtures, type Kind } from "../test/hostile-fixtures.js";
import { parse } from "../test/workflow-fixtures.js";
import { decodeText } from "./decode-text.js";
import { type Diagnostic, hasErrors } from "./diagnostic.js";
import { formatDiagnostics } from "./format-diagnostic.js";
import { loadTemplates } from "./load-templates.js";
import { parseObjective } from "./parse-objective.js";
import { parseProjectFile } from "./parse-project-file.js";
import { parseWorkflow } from "./parse-workflow.js";
import { readTextFile } from "./read-text-file.js";

/**
 * The aim is 500 ms and 200 MB. Measured is the time of the processor, which a busy machine does not stretch; coverage
 * does, and so the bound only catches what hangs.
 */
const BUDGET_MS = 20_000;
const BUDGET_BYTES = 2_000_000_000;

interface Reading {
  readonly value: unknown;
  readonly diagnostics: readonly Diagnostic[];
  readonly shown: string;
}

function read(kind: Kind, content: string | Uint8Array): Reading {
  const { text, diagnostics: unreadable } =
    typeof content === "string" ? { text: content, diagnostics: [] } : decodeText(content, "file");
  const parsed = text === null ? null : parseText(kind, text);
  const diagnostics = parsed?.diagnostics ?? unreadable;
  const shown = formatDiagnostics(diagnostics, new Map(text === null ? [] : [["file", text]]));
  return { value: parsed?.value ?? null, diagnostics, shown };
}

function parseText(kind: Kind, text: string): Pick<Reading, "value" | "diagnostics"> {
  if (kind === "objective") {
    const { objective, diagnostics } = parseObjective(text, "file");
    return { value: objective, diagnostics };
  }
  if (kind === "project") {
    const { project, diagnostics } = parseProjectFile(text, "file");
    return { value: project, diagnostics };
  }
  const { workflow, diagnostics } = parseWorkflow(text, "file");
  return { value: workflow, diagnostics };
}

const fixtures = hostileFixtures();
const measured = { slowestMs: 0, slowest: "", grownBytes: 0 };

it.each(fixtures.map((fixture) => [fixture.kind, fixture.name, fixture] as const))(
  "%s, %s",
  (_kind, name, fixture) => {
    const before = process.memoryUsage.rss();
    const start = process.cpuUsage();
    const { value, diagnostics, shown } = read(fixture.kind, fixture.content);
    const { user, system } = process.cpuUsage(start);
    const elapsedMs = (user + system) / 1_000;
    measured.grownBytes = Math.max(measured.grownBytes, process.memoryUsage.rss() - before);
    if (elapsedMs > measured.slowestMs)
      Object.assign(measured, { slowestMs: elapsedMs, slowest: `${fixture.kind}, ${name}` });
    expect(value === null).toBe(hasErrors(diagnostics));
    if (fixture.is !== undefined)
      expect(hasErrors(diagnostics) ? "refused" : "valid", shown.slice(0, 500)).toBe(fixture.is);
    expect(diagnostics.length).toBeLessThanOrEqual(101);
    expect(shown.length).toBeLessThan(100_000);
    expect(shown).not.toMatch(/[\p{Cc}--\n]|[\u202a-\u202e\u2066-\u2069\u2028\u2029]/v);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
    expect(elapsedMs).toBeLessThan(BUDGET_MS);
  },
  120_000,
);

it("covers at least 150 cases, within bounds of time and memory", () => {
  const grownMb = Math.round(measured.grownBytes / 1_000_000);
  const slowest = `${Math.round(measured.slowestMs)} ms (${measured.slowest})`;
  console.info(`${fixtures.length} hostile fixtures; slowest ${slowest}; memory grew by at most ${grownMb} MB`);
  expect(fixtures.length).toBeGreaterThanOrEqual(150);
  expect(measured.grownBytes).toBeLessThan(BUDGET_BYTES);
});

async function tempFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "troupe-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

it("a file of 100 MB is refused without being read whole", async () => {
  const path = join(await tempFolder(), "stages.yaml");
  await writeFile(path, "stages:\n");
  await truncate(path, 100 * 1024 * 1024);
  const before = process.memoryUsage.rss();
  const { text, diagnostics } = await readTextFile(path);
  expect([text, diagnostics[0]?.message]).toEqual([null, "the file is larger than 1 MiB"]);
  expect(process.memoryUsage.rss() - before).toBeLessThan(50_000_000);
});

it("a template behind a link that leads out is refused, also one that was exchanged for a link", async () => {
  const folder = await tempFolder();
  const outside = join(await tempFolder(), "secret.md");
  await writeFile(outside, "secret");
  await writeFile(join(folder, "a.md"), "Do it.");
  const workflow = parse("stages:\n  A: { work_agent: pm, prompt_template: a.md }\n");
  const load = async (): Promise<readonly unknown[]> => {
    const { templates, diagnostics } = await loadTemplates(folder, workflow, {
      file: "stages.yaml",
      locate: () => ({ line: 2, column: 43 }),
    });
    return [templates.map(({ text }) => text), diagnostics.map(({ code }) => code)];
  };
  expect(await load()).toEqual([["Do it."], []]);
  await symlink(outside, join(folder, "link.md"));
  await rename(join(folder, "link.md"), join(folder, "a.md"));
  expect(await load()).toEqual([[], ["PATH_OUTSIDE"]]);
});
