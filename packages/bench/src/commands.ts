import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BenchRow } from "./bench-row.js";
import { troupe } from "./command-line.js";
import { compared } from "./figure.js";
import { costOf, type ProcessCost } from "./process-cost.js";
import type { Pair } from "./statistics.js";

/** Command stages as a person writes them, through the whole command line. */
export const commands: BenchRow = {
  name: "commands",
  title: "200 command stages of `true`, 2 at a time",
  run: async (bench) => {
    const count = bench.sized(200);
    const cpu: Pair[] = [];
    const wall: Pair[] = [];
    if (!(await hasNinja(await bench.makeFolder()))) {
      bench.skip("ninja is not installed");
      return [];
    }
    for (let round = 0; round < bench.rounds; round += 1) {
      const floor = await runNinja(await bench.makeFolder(), count);
      const value = await runTroupe(await bench.makeFolder(), count);
      cpu.push({ value: value.cpuMs, floor: floor.cpuMs });
      wall.push({ value: value.wallMs, floor: floor.wallMs });
    }
    const row = commands.name;
    return [
      compared({ row, what: "processor time", unit: "ms", target: 2 }, "ninja -j2", cpu),
      compared({ row, what: "time", unit: "ms", target: null }, "ninja -j2", wall),
    ];
  },
};

async function hasNinja(cwd: string): Promise<boolean> {
  return await costOf(["ninja", "--version"], { cwd, count: 1 }).then(
    () => true,
    () => false,
  );
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
