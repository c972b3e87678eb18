import { mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { installAgent } from "./install-agent.js";
import type { RealAgent } from "./real-agent.js";
import { REAL_AGENTS } from "./real-agents.js";
import { tryAgent } from "./try-agent.js";

const USAGE = `usage: pnpm e2e:agents [--record DIR] [NAME...]
Real agents, installed from npm or PyPI into a cache folder, against a scripted service on loopback.
NAME: ${REAL_AGENTS.map(({ name }) => name).join(", ")}
--record DIR keeps what each agent printed in its turns.
`;
const OPTIONS = { record: { type: "string" }, help: { type: "boolean", short: "h" } } as const;

interface Told {
  readonly outcome: "passed" | "failed" | "skipped";
  readonly text: string;
}

/** `pnpm e2e:agents [--record DIR] [NAME...]`: real agents against a scripted service on loopback. */
async function main(args: readonly string[]): Promise<number> {
  const { values, positionals: names } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  if (values.help === true) {
    process.stdout.write(USAGE);
    return 0;
  }
  const unknown = names.filter((name) => !REAL_AGENTS.some((agent) => agent.name === name));
  if (unknown.length > 0) throw new Error(`there is no ${unknown.join(", ")}`);
  const { TROUPE_AGENTS_CACHE, XDG_CACHE_HOME } = process.env;
  const cache = TROUPE_AGENTS_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir(), ".cache"), "troupe-e2e-agents");
  await mkdir(cache, { recursive: true });
  const record = values.record === undefined ? null : resolve(values.record);
  const counts = { passed: 0, skipped: 0, failed: 0 };
  for (const agent of REAL_AGENTS.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const { outcome, text } = await installAndTry(agent, cache, record);
    counts[outcome] += 1;
    process.stdout.write(`${outcome.padEnd(8)} ${agent.name}: ${text}\n`);
  }
  process.stdout.write(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
  return counts.failed === 0 && counts.passed > 0 ? 0 : 1;
}

async function installAndTry(agent: RealAgent, cache: string, record: string | null): Promise<Told> {
  const installed = await installAgent(agent.source, cache);
  if ("problem" in installed) return { outcome: "skipped", text: `could not be installed: ${installed.problem}` };
  const command = fileURLToPath(new URL("../src/bin.ts", import.meta.url));
  return await tryAgent(agent, {
    bin: installed.bin,
    troupe: [process.execPath, ...process.execArgv, command],
    record,
  });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  process.exitCode = 2;
}
