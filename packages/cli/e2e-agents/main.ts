import { mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { REAL_AGENTS } from "./real-agents.js";
import { tryAgent } from "./try-agent.js";

const USAGE = `usage: pnpm e2e:agents [NAME...]
Real agents, installed from npm into a cache folder, against a scripted service on loopback. NAME: ${REAL_AGENTS.map(({ name }) => name).join(", ")}
`;

/** `pnpm e2e:agents [NAME...]`: real agents, from npm, against a scripted service on loopback. */
async function main(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !REAL_AGENTS.some((agent) => agent.name === name));
  if (unknown.length > 0) {
    const isHelp = unknown.includes("--help");
    (isHelp ? process.stdout : process.stderr).write(isHelp ? USAGE : `there is no ${unknown.join(", ")}\n${USAGE}`);
    return isHelp ? 0 : 2;
  }
  const { TROUPE_AGENTS_CACHE, XDG_CACHE_HOME } = process.env;
  const cache = TROUPE_AGENTS_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir(), ".cache"), "troupe-e2e-agents");
  await mkdir(cache, { recursive: true });
  const counts = { passed: 0, skipped: 0, failed: 0 };
  for (const agent of REAL_AGENTS.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const { outcome, text } = await tryAgent(agent, cache);
    counts[outcome] += 1;
    process.stdout.write(`${outcome.padEnd(8)} ${agent.name}: ${text}\n`);
  }
  process.stdout.write(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
  return counts.failed === 0 && counts.passed > 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
