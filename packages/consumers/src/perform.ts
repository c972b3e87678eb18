import { cp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Compiler, compile } from "./compile.js";
import type { Consumer } from "./consumer.js";
import { install, type ManagerName, type PackageSource } from "./install.js";
import type { NodeVersion } from "./node-versions.js";
import { treeProblems } from "./tree-problems.js";

/** With what a consumer is tried. */
export interface Trial {
  readonly consumer: Consumer;
  readonly manager: ManagerName;
  readonly nodes: readonly NodeVersion[];
  readonly compilers: readonly Compiler[];
}

/** What came of it. */
export interface TrialReport {
  readonly installed: readonly string[];
  readonly lines: readonly string[];
}

const PROJECTS = fileURLToPath(new URL("../projects", import.meta.url));

/** Installs, compiles and uses; rejects when something is not as it should be. */
export async function perform(
  { consumer, manager, nodes, compilers }: Trial,
  source: PackageSource,
  scratch: string,
): Promise<TrialReport> {
  const folder = join(scratch, `${consumer.name}-${manager}`);
  await cp(join(PROJECTS, consumer.name), folder, { recursive: true });
  const project = join(folder, consumer.project);
  const lines: string[] = [];
  const compileAll = async (): Promise<void> => {
    if (consumer.sources.length === 0) return;
    const versions: string[] = [];
    for (const compiler of compilers) versions.push(await compile(folder, consumer.sources, compiler));
    lines.push(`types check under ${versions.join(", ")}`);
  };
  if (consumer.prepare !== undefined) {
    await consumer.prepare(folder, source);
    await compileAll();
  }
  const installed = await install(manager, project, consumer.packages, source);
  refuseStrangers(consumer, installed, source.packed);
  if (consumer.prepare === undefined) await compileAll();
  for (const node of nodes) {
    const before = new Set(await readdir(project));
    const seen = await consumer.prove(project, node);
    lines.push(...seen.map((line) => `Node ${node.version}: ${line}`));
    for (const name of await readdir(project)) {
      if (!before.has(name)) await rm(join(project, name), { recursive: true }); // the next Node begins afresh
    }
  }
  return { installed, lines };
}

function refuseStrangers(consumer: Consumer, installed: readonly string[], packed: PackageSource["packed"]): void {
  const problems = treeProblems(consumer, installed, packed);
  if (problems.length > 0) throw new Error(`${problems.join("; ")}: ${installed.join(", ")}`);
}
