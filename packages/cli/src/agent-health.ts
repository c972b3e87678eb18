import { type AgentHealth, type AgentRunner, type ConfiguredAgent, isTroupeError, TroupeError } from "@troupe/core";

/** A missing program is known before the first turn, not after hours. Rejects `AGENT_NOT_INSTALLED` naming every one. */
export async function refuseMissingAgents(agents: readonly ConfiguredAgent[]): Promise<void> {
  const checked = new Set<unknown>();
  const problems: string[] = [];
  let hint: string | null = null;
  for (const { id, runner } of agents) {
    if (checked.has(runner)) continue;
    checked.add(runner);
    const health = await checkHealth(runner);
    if (health.ok) continue;
    problems.push(`${id}: ${health.message ?? "it does not work"}`);
    hint ??= health.hint;
  }
  if (problems.length > 0) throw new TroupeError("AGENT_NOT_INSTALLED", problems.join("; "), { hint });
}

type Health = Pick<AgentHealth, "ok" | "message" | "hint">;

/** An agent that cannot even be asked is not well. */
async function checkHealth(runner: AgentRunner): Promise<Health> {
  try {
    return (await runner.check?.()) ?? { ok: true, message: null, hint: null };
  } catch (error) {
    const hint = isTroupeError(error) ? error.hint : null;
    return { ok: false, message: error instanceof Error ? error.message : String(error), hint };
  }
}
