import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DEFAULT_WORKFLOW_YAML } from "@troupe/config";
import { createFsStore } from "@troupe/store-fs";
import type { Bench, BenchRow } from "./bench-row.js";
import { troupe } from "./command-line.js";
import { idleRunner, prepareRun, timeRun } from "./engine-run.js";
import { compared, type Figure } from "./figure.js";
import { costOf } from "./process-cost.js";
import type { Pair } from "./statistics.js";
import { chains } from "./workflows.js";

/** What each command may cost, in starts of bare Node. */
const TARGETS: readonly (readonly [args: readonly string[], target: number])[] = [
  [["--version"], 1.3],
  [["--help"], 1.3],
  [["status"], 1.5],
  [["list"], 1.5],
  [["validate"], 2],
];
const LONG_PROJECT = `# yaml-language-server: $schema=.troupe/schemas/project.schema.json
workflow: stages.yaml
store: [fs, { maxLogBytes: 1048576 }] # a log has a mebibyte

# who does the work
agents:
  default: claude
  reviewer: { plugin: codex, model: gpt-5.1, access: readOnly }
  builder-1:
    plugin: command
    options: { command: [my-agent, "-p"] }
    persona: builder
    env: { DEPLOY_TOKEN: { from: DEPLOY_TOKEN } }

checks:
  - npm test

secrets: [DEPLOY_TOKEN]
limits: { duration: 4h, cost: 20 }
`;
/** By what is to be said of it: project files that are read at once, and one that needs the parser of YAML and the schemas. */
const PROJECTS: readonly (readonly [text: string, saying: string, hasTargets: boolean])[] = [
  ["agents:\n  default: claude\n", "", true],
  [LONG_PROJECT, ", a longer troupe.yaml", true],
  [`${LONG_PROJECT}notify: [bell]\n`, ", a troupe.yaml with hooks", false],
];
const BARE_NODE = [process.execPath, "-e", "0"];
/** Starts in one measurement: the shell counts processor time in ticks of 10 ms, half a start of bare Node. */
const STARTS = 20;

/** From the start of the process to its end, in a project with a workflow file and a run of 14 stages. */
export const startUp: BenchRow = {
  name: "start-up",
  title: "start-up of commands",
  run: async (bench) => {
    const cwd = await bench.makeFolder();
    await makeProject(cwd);
    const count = bench.sized(STARTS);
    const figures: Figure[] = [];
    for (const [text, saying, hasTargets] of PROJECTS) {
      await writeFile(join(cwd, "troupe.yaml"), text);
      for (const [args, target] of TARGETS) {
        if (saying !== "" && args[0]?.startsWith("-") === true) continue; // these look at no file
        const what = `troupe ${args.join(" ")}${saying}`;
        figures.push(...(await timeStarts({ bench, cwd, count, args, what, target: hasTargets ? target : null })));
      }
    }
    return figures;
  },
};

interface Starts {
  readonly bench: Bench;
  readonly cwd: string;
  readonly count: number;
  readonly args: readonly string[];
  readonly what: string;
  readonly target: number | null;
}

async function timeStarts({ bench, cwd, count, args, what, target }: Starts): Promise<readonly Figure[]> {
  const command = troupe(...args);
  await costOf(command, { cwd, count: 1 }); // fills the compile cache, as an earlier use has
  const wall: Pair[] = [];
  const cpu: Pair[] = [];
  for (let round = 0; round < bench.rounds; round += 1) {
    const floor = await costOf(BARE_NODE, { cwd, count });
    const cost = await costOf(command, { cwd, count });
    wall.push({ value: cost.wallMs, floor: floor.wallMs });
    cpu.push({ value: cost.cpuMs, floor: floor.cpuMs });
  }
  const row = startUp.name;
  return [
    compared({ row, what, unit: "ms", target }, "node -e 0", wall),
    compared({ row, what: `${what}, processor time`, unit: "ms", target }, "node -e 0", cpu),
  ];
}

async function makeProject(folder: string): Promise<void> {
  await writeFile(join(folder, "stages.yaml"), DEFAULT_WORKFLOW_YAML);
  await mkdir(join(folder, ".git"));
  const store = createFsStore({ folder: join(folder, ".troupe") });
  await timeRun(await prepareRun({ store, workflow: chains(14, 1), concurrency: 1, runner: idleRunner }));
  await store.close();
}
