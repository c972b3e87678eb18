import {
  type AgentDemand,
  type AgentHealth,
  type AgentRunner,
  type Clock,
  type ConfiguredAgent,
  ERROR_CODES,
  type ErrorCode,
  isTroupeError,
  TroupeError,
} from "@troupe/core";

/** A plugin's own limit is ten seconds; what it started has to end too. */
const CHECK_MS = 20_000;

/**
 * What a turn would fail with is known before the first one, not after hours. All are asked at once. Rejects
 * `AGENT_NOT_INSTALLED`, `AGENT_NOT_CONFIGURED`, `AGENT_NOT_LOGGED_IN` or what else is a matter of the environment
 * (exit code 6), naming every one that cannot work.
 */
export async function refuseUnfitAgents(agents: readonly ConfiguredAgent[], clock: Clock): Promise<void> {
  const asked = new Map<AgentRunner, Set<string>>();
  const checked = await Promise.all(
    agents.map(async ({ id, runner, model, access, env }) => {
      const demands = asked.get(runner) ?? new Set();
      asked.set(runner, demands);
      const demand = JSON.stringify([model, access, env]);
      if (demands.has(demand)) return [];
      demands.add(demand);
      const health = await checkAgent(runner, { model, access, env }, clock);
      return health.ok ? [] : [{ id, health }];
    }),
  );
  const problems = checked.flat();
  const [first] = problems;
  if (first === undefined) return;
  const messages = problems.map(({ id, health }) => `${id}: ${health.message ?? "it does not work"}`);
  const hint = problems.find(({ health }) => health.hint !== null)?.health.hint ?? null;
  throw new TroupeError(codeOf(first.health), messages.join("; "), { hint });
}

/** How an agent is: one that cannot be asked, or does not answer in time, is not well. Never rejects. */
export async function checkAgent(runner: AgentRunner, demand: AgentDemand, clock: Clock): Promise<AgentHealth> {
  const answered = new AbortController();
  const late = clock.wait(CHECK_MS, answered.signal).then(
    () => TOO_LATE,
    () => NO_CHECK, // the answer came first
  );
  try {
    // what a plugin of an earlier version does not tell is not known
    const asked = Promise.resolve(runner.check?.(demand)).then((health) => ({ ...NO_CHECK, ...health }));
    return await Promise.race([asked, late]);
  } catch (error) {
    return unwell(error);
  } finally {
    answered.abort();
  }
}

/** Of an agent whose check may still hold something open. */
export const TOO_LATE: AgentHealth = unwell(new Error(`it did not say within ${CHECK_MS / 1000} s how it is`));
const NO_CHECK: AgentHealth = { ok: true, version: null, login: "unknown", message: null, hint: null };

/** The health of what could not even be loaded or asked. */
export function unwell(error: unknown): AgentHealth {
  const message = error instanceof Error ? error.message : String(error);
  const nothing = { ok: false, version: null, login: "unknown", message } as const;
  return isTroupeError(error) ? { ...nothing, hint: error.hint, code: error.code } : { ...nothing, hint: null };
}

/** Only what is a matter of the environment; whatever else a plugin says, its agent is not ready for use. */
function codeOf({ code, login }: AgentHealth): ErrorCode {
  if (code !== undefined && Object.hasOwn(ERROR_CODES, code) && ERROR_CODES[code].exitCode === 6) return code;
  return login === "out" ? "AGENT_NOT_LOGGED_IN" : "AGENT_NOT_INSTALLED";
}
