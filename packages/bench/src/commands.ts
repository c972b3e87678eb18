import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BareSpawns } from "./bare-spawns.js";
import type { Bench, BenchRow } from "./bench-row.js";
import { troupe } from "./command-line.js";
import { compared, type Figure } from "./figure.js";
import { costOf, type ProcessCost } from "./process-cost.js";

/** About what a run holds beyond a bare Node when it starts its commands. */
const SIZE_OF_A_RUN_MIB = 40;
const MARK = ["prlimit", `--rttime=${2n ** 61n}:${2n ** 61n}`, "--"];

/** Command stages as a person writes them, through the whole command line. */
export const commands: BenchRow = {
  name: "commands",
  title: "200 command stages of `true`, 2 at a time, and what they are made of",
  run: async (bench) => {
    const cwd = await bench.makeFolder();
    if (!(await isInstalled(["ninja", "--version"], cwd))) {
      bench.skip("ninja is not installed");
      return [];
    }
    const hasMark = await isInstalled([...MARK, "true"], cwd);
    if (!hasMark) bench.skip("the marked starts: prlimit is not installed");
    await runTroupe(await bench.makeFolder(), 1); // fills the compile cache, as an earlier use has
    const rounds: Round[] = [];
    for (let round = 0; round < bench.rounds; round += 1) rounds.push(await measure(bench, hasMark));
    return figuresOf(rounds);
  },
};

/** All that is compared, measured one right after the other. */
interface Round {
  readonly ninja: ProcessCost;
  readonly run: ProcessCost;
  /** One command: what is paid once. */
  readonly runOfOne: ProcessCost;
  readonly bare: ProcessCost;
  /** Each start with its mark, by which what it leaves is found; null = not here. */
  readonly marked: ProcessCost | null;
  /** The same from a process as large as a run. */
  readonly markedLarge: ProcessCost | null;
}

async function measure(bench: Bench, hasMark: boolean): Promise<Round> {
  const count = bench.sized(200);
  const cwd = await bench.makeFolder();
  const spawns = (argv: readonly string[], ballastMiB: number): Promise<ProcessCost> =>
    startBare({ count, argv, ballastMiB }, cwd);
  return {
    ninja: await runNinja(cwd, count),
    run: await runTroupe(await bench.makeFolder(), count),
    runOfOne: await runTroupe(await bench.makeFolder(), 1),
    bare: await spawns(["true"], 0),
    marked: hasMark ? await spawns([...MARK, "true"], 0) : null,
    markedLarge: hasMark ? await spawns([...MARK, "true"], SIZE_OF_A_RUN_MIB) : null,
  };
}

function figuresOf(rounds: readonly Round[]): readonly Figure[] {
  const figure = (
    what: string,
    of: (round: Round) => ProcessCost | null,
    { kind = "cpuMs", target = null }: { readonly kind?: keyof ProcessCost; readonly target?: number | null } = {},
  ): readonly Figure[] => {
    const pairs = rounds.flatMap((round) => {
      const cost = of(round);
      return cost === null ? [] : [{ value: cost[kind], floor: round.ninja[kind] }];
    });
    return pairs.length === 0 ? [] : [compared({ row: commands.name, what, unit: "ms", target }, "ninja -j2", pairs)];
  };
  return [
    ...figure("processor time", ({ run }) => run, { target: 2 }),
    ...figure("processor time of one command: what is paid once", ({ runOfOne }) => runOfOne),
    ...figure("processor time of bare starts from Node", ({ bare }) => bare),
    ...figure("processor time of bare starts, marked", ({ marked }) => marked),
    ...figure("processor time of bare starts, marked, 40 MiB held", ({ markedLarge }) => markedLarge),
    ...figure("time", ({ run }) => run, { kind: "wallMs" }),
    ...figure("time of bare starts from Node", ({ bare }) => bare, { kind: "wallMs" }),
  ];
}

async function isInstalled(command: readonly string[], cwd: string): Promise<boolean> {
  return await costOf(command, { cwd, count: 1 }).then(
    () => true,
    () => false,
  );
}

async function startBare(spawns: BareSpawns, cwd: string): Promise<ProcessCost> {
  const program = fileURLToPath(new URL("./bare-spawns.js", import.meta.url));
  return await costOf([process.execPath, program, JSON.stringify(spawns)], { cwd, count: 1 });
}

async function runNinja(folder: string, count: number): Promise<ProcessCost> {
  const builds = Array.from({ length: count }, (_, index) => `build t${index}: run`);
  await writeFile(join(folder, "build.ninja"), `rule run\n  command = true\n${builds.join("\n")}\n`);
  return await costOf(["ninja", "-j2"], { cwd: folder, count: 1 });
}

async function runTroupe(folder: string, count: number): Promise<ProcessCost> {
  const ids = Array.from({ length: count }, (_, index) => `T${index}`);
  const stages = ids.map((id) => `  ${id}: { run: ["true"] }`).join("\n");
  const groups = `parallel_groups:\n  ALL:\n    stages: [${ids.join(", ")}]\n    before: DONE\n    max_concurrent: 2\n`;
  const order = `stage_order: [${[...ids, "DONE"].join(", ")}]\n`;
  await mkdir(join(folder, ".git"));
  await writeFile(
    join(folder, "stages.yaml"),
    `version: 1\nstages:\n${stages}\n  DONE: { name: Done }\n${order}${groups}`,
  );
  await writeFile(join(folder, "objective.md"), "# Bench\n\nNothing to do.\n");
  return await costOf(troupe("run", "objective.md", "--plain", "--no-input"), { cwd: folder, count: 1 });
}
