import { appendFileSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { randomHex } from "@troupe/core";
import { OBJECTIVE, type Scenario, type TurnName } from "../scenarios.js";
import { endProcesses, projectProcesses } from "./project-processes.js";

const packageFolder = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const PLAYER = join(packageFolder, "fixtures", "player.mjs");
const SQLITE = join(packageFolder, "..", "store-sqlite");

/** The stores that runs are killed over. */
export type StoreName = "store-fs" | "store-sqlite";

/** One call of the scripted agent, as it noted it itself. */
export interface Call extends TurnName {
  readonly at: "start" | "end";
  readonly run: string;
  readonly epoch: number;
  readonly turn: string;
  readonly pid: number;
}

/** A project in a folder of its own, and beside it everything that must survive whatever happens to the project. */
export interface CrashProject {
  readonly scenario: Scenario;
  readonly store: StoreName;
  readonly folder: string;
  /** Calls, holds, output of commands, traces; no part of the project. */
  readonly outside: string;
  readonly player: string;
  /** Hex digits that the id of a run ends in when it is started with a seed; no other project has them. */
  readonly runSuffix: string;
  calls(): readonly Call[];
  /** The turn starts, and does not answer until it is let go; with an id only this attempt of it. */
  hold(turn: TurnName, id?: string): Promise<void>;
  /** A held turn has written all that it writes. */
  isHeld(turn: TurnName): boolean;
  letGo(turn: TurnName): Promise<void>;
  /** Files of the project and of its home that were not there when it was made, `.troupe` left out. */
  strangers(): readonly string[];
  /** Ends what still runs and removes everything. */
  remove(): Promise<void>;
}

/** @param root a folder for the project itself, such as a mounted file system; default: beside its calls. */
export async function createCrashProject(scenario: Scenario, store: StoreName, root?: string): Promise<CrashProject> {
  const outside = await realpath(await mkdtemp(join(tmpdir(), "troupe-crash-")));
  const folder = join(root ?? outside, "project");
  const callsFile = join(outside, "calls.jsonl");
  const holdFolder = join(outside, "holds");
  const script = join(outside, "script.json");
  for (const path of [folder, holdFolder, join(outside, "home"), join(outside, "tmp")]) {
    await mkdir(path, { recursive: true });
  }
  appendFileSync(callsFile, "");
  await writeFile(script, JSON.stringify({ callsFile, holdFolder, replies: scenario.replies }));
  await writeFile(join(folder, "stages.yaml"), scenario.stagesYaml);
  await writeFile(join(folder, "objective.md"), OBJECTIVE);
  await writeFile(join(folder, "troupe.yaml"), projectFile(store, script));
  if (store === "store-sqlite") {
    await mkdir(join(folder, "node_modules", "@troupe"), { recursive: true });
    await symlink(SQLITE, join(folder, "node_modules", "@troupe", "store-sqlite"));
  }
  const places = [folder, join(outside, "home"), join(outside, "tmp")];
  const known = new Set(places.flatMap(filesBelow));
  const holdFile = ({ stage, kind, round }: TurnName): string => join(holdFolder, `${stage}.${kind}.${round}`);
  return {
    scenario,
    store,
    folder,
    outside,
    runSuffix: randomHex(3),
    player: `${process.execPath} ${PLAYER} ${script}`,
    calls: () => readCalls(callsFile),
    hold: (turn, id = "") => writeFile(holdFile(turn), id),
    isHeld: (turn) => existsSync(`${holdFile(turn)}.held`),
    letGo: (turn) => rm(holdFile(turn), { force: true }),
    strangers: () => places.flatMap(filesBelow).filter((file) => !known.has(file)),
    async remove() {
      endProcesses(projectProcesses(folder));
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
      await rm(outside, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function projectFile(store: StoreName, script: string): string {
  const command = JSON.stringify([process.execPath, PLAYER, script]);
  const chosen = store === "store-sqlite" ? 'store: "@troupe/store-sqlite"\n' : "";
  return `${chosen}agents:\n  default: ["command", { command: ${command} }]\n`;
}

function readCalls(file: string): readonly Call[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
}

function filesBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.name === ".troupe") return [];
    return entry.isDirectory() ? [path, ...filesBelow(path)] : [path];
  });
}
