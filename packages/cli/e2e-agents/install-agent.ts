import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Source } from "./real-agent.js";
import { runQuietly } from "./run-quietly.js";

const INSTALL_MS = 600_000;
const DONE = "installed";

/** What installing came to. */
export type Installed =
  | { readonly bin: (name: string) => string }
  /** Why there is nothing, as the end of a sentence. */
  | { readonly problem: string };

/** Puts the packages into a folder of `cache` that is named for them, unless they are there. */
export async function installAgent(source: Source, cache: string): Promise<Installed> {
  const packages = "npm" in source ? source.npm : source.pip;
  const folder = join(cache, packages.join("+").replace(/[^\w.@+=-]/g, "_"));
  const programs = "npm" in source ? join(folder, "node_modules", ".bin") : join(folder, "venv", "bin");
  if (!existsSync(join(folder, DONE))) {
    await mkdir(folder, { recursive: true });
    const problem = "npm" in source ? await byNpm(packages, folder) : await byPip(packages, folder);
    if (problem !== null) return { problem };
    await writeFile(join(folder, DONE), "");
  }
  return { bin: (name) => join(programs, name) };
}

async function byNpm(packages: readonly string[], folder: string): Promise<string | null> {
  await writeFile(join(folder, "package.json"), '{ "private": true }\n');
  const args = ["install", "--no-audit", "--no-fund", "--loglevel=error", ...packages];
  return await problemOf(["npm", ...args], folder);
}

/** Into an environment of its own: what the person has installed stays as it is. */
async function byPip(packages: readonly string[], folder: string): Promise<string | null> {
  const python = process.platform === "win32" ? "python" : "python3";
  const venv = await problemOf([python, "-m", "venv", "venv"], folder);
  if (venv !== null) return `Python: ${venv}`;
  const pip = [join("venv", "bin", "python"), "-m", "pip", "install", "--quiet", "--retries", "1"];
  return await problemOf([...pip, ...packages], folder);
}

async function problemOf(argv: readonly string[], folder: string): Promise<string | null> {
  const { code, output } = await runQuietly(argv, { cwd: folder, env: withThisNode(), timeoutMs: INSTALL_MS });
  if (code === 0) return null;
  const lines = output.split("\n").map((line) => line.trim());
  // what comes before the error is warnings
  return (
    lines.find((line) => /^(?:npm )?error\b/i.test(line)) ?? lines.find((line) => line !== "") ?? `exit code ${code}`
  );
}

/** On an older Node than this one npm silently installs older releases. */
export function withThisNode(): Readonly<Record<string, string>> {
  const path = `${dirname(process.execPath)}:${process.env.PATH ?? ""}`;
  return { ...(process.env as Record<string, string>), PATH: path };
}
