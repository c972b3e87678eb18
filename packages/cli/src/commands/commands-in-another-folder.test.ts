import { describe, expect, test } from "vitest";
import { cassette, createCli, OBJECTIVE, type TestCli } from "../../test/cli-harness.js";

/** Flags that are wanted behind every `troupe` that is printed. */
const THERE = ["--cwd", "sp ace", "--config", "own file.yaml"];
const FLAGS = "--cwd 'sp ace' --config 'own file.yaml'";

const AGENTS = 'agents:\n  default: ["replay", { file: tape.jsonl }]\n';

const ENDINGS = {
  finished: "stages:\n  PLAN: { work_agent: worker, artifacts: [] }\n",
  failed: "stages:\n  PLAN: { work_agent: worker, artifacts: [], checks: ['false'], max_rounds: 1 }\n",
  waiting: "stages:\n  PLAN: { work_agent: worker, artifacts: [], approval: true }\n",
};
const CODES = { finished: 0, failed: 1, waiting: 8 };

async function createThere(ending: keyof typeof ENDINGS): Promise<TestCli> {
  const files = {
    "objective.md": OBJECTIVE,
    "stages.yaml": ENDINGS[ending],
    "own file.yaml": AGENTS,
    "tape.jsonl": cassette({ stage: "PLAN", output: "a plan" }),
  };
  return await createCli(Object.fromEntries(Object.entries(files).map(([name, text]) => [`sp ace/${name}`, text])));
}

const VERBS =
  "run|resume|cancel|approve|reject|answer|repair|status|why|list|agents|logs|doctor|watch|show|artifacts|graph|report|init|validate|import|clean|config|notify";

/** Commands that would work on another project when they are pasted; in HTML and JUnit a quote is written as an entity. */
function misplaced(output: string): readonly string[] {
  const plain = output.replaceAll(/&(?:#39|#x27|apos);/g, "'");
  return (plain.match(/(?<![\w/.@-])troupe .*/g) ?? []).filter(
    (line) => new RegExp(`^troupe (?:${VERBS})\\b`).test(line) && !/^troupe (?:run|resume) in /.test(line),
  );
}

describe.each(["finished", "failed", "waiting"] as const)("with --cwd and --config, on a %s run,", (ending) => {
  test("every command that is printed works where it is pasted", async () => {
    const cli = await createThere(ending);
    const first = await cli.run("run", "objective.md", ...THERE);
    expect(first.code).toBe(CODES[ending]);
    const run = /\b[\w.-]+-\d{4}-\d\d-\d\d-[0-9a-f]{6}\b/.exec((await cli.raw("list", ...THERE)).stdout)?.[0] ?? "";
    const commands = [
      ["status"],
      ["status", "--json"],
      ["show"],
      ["show", "--json"],
      ["show", run, "PLAN"],
      ["why", "PLAN"],
      ["why", "PLAN", "--json"],
      ["resume", "--plan"],
      ["resume", run, "--plan"],
      ["report"],
      ["report", "--format", "junit"],
      ["report", "--format", "github"],
      ["report", "--format", "html"],
      ["report", "--json"],
      ["repair", run],
      ["list"],
      ["artifacts", run],
      ["answer", run],
      ["doctor"],
      ["clean", "--dry-run"],
      ["init", "--yes", "--dry-run"],
      ["init", "--yes", "--dry-run", "--json"],
    ];
    // what goes by on standard error meanwhile shows the journal as it is
    const found: Record<string, readonly string[]> = { run: misplaced(first.stdout) };
    let placed = 0;
    for (const command of commands) {
      const { stdout, stderr } = await cli.run(...command, ...THERE);
      found[command.join(" ").replaceAll(run, "RUN")] = misplaced(stdout + stderr);
      placed += (stdout + stderr).split(`troupe ${FLAGS} `).length - 1;
    }
    expect(Object.entries(found).filter(([, lines]) => lines.length > 0)).toEqual([]);
    expect(placed).toBeGreaterThan(4);
  });
});

test("the journal keeps a hint as it is, and each command shows it for the place that it was called with", async () => {
  const cli = await createThere("failed");
  const { stdout } = await cli.run("run", "objective.md", ...THERE);
  expect(stdout).toContain(`Then: troupe ${FLAGS} resume RUN\n`);
  const elsewhere = await cli.run("show", "--cwd", "sp ace", "--config=own file.yaml", "--json");
  expect(JSON.parse(elsewhere.stdout).report.stages[0].error.hint).toMatch(/Then: troupe --cwd 'sp ace' --config/);
  const there = await cli.runWith({ cwd: `${cli.folder}/sp ace` }, "show", "--json");
  expect(JSON.parse(there.stdout).report.next).toMatch(/^troupe resume /);
});
