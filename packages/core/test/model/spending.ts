import type { EventOf, RunEvent } from "../../src/model/events.js";
import { stageOfTurn } from "../../src/model/ids.js";
import type { LimitUse, RunLimits } from "../../src/model/run.js";
import { activeMsOf } from "../../src/model/spending.js";
import type { RunState } from "../../src/state/run-state.js";
import { hold } from "./claim-facts.js";

/** What all turns of agents have used over all claims, counted from the events alone. A command costs nothing. */
export class Spending {
  #tokens = 0;
  #costUsd = 0;
  readonly #ofAgents: Set<string> = new Set();
  readonly #tokensOfStage: Map<string, number> = new Map();
  /** The value of each limit that was warned of last. */
  readonly #warned: Map<LimitUse["limit"], number> = new Map();

  note(event: RunEvent): void {
    if (event.type === "limit.neared") this.#warned.set(event.limit, event.of);
    if (event.type === "turn.started" && event.agent !== null) this.#ofAgents.add(event.turn);
    if (event.type !== "turn.settled" || event.result.usage === null || !this.#ofAgents.has(event.turn)) return;
    const { inputTokens, outputTokens, costUsd } = event.result.usage;
    const tokens = (inputTokens ?? 0) + (outputTokens ?? 0);
    const stage = stageOfTurn(event.turn);
    this.#tokens += tokens;
    this.#tokensOfStage.set(stage, (this.#tokensOfStage.get(stage) ?? 0) + tokens);
    this.#costUsd += costUsd ?? 0;
  }

  /** At a limit no new turn starts. */
  checkStart(turn: string, { tokens, costUsd, durationMs }: RunLimits, activeMs: number): void {
    hold(tokens === null || this.#tokens < tokens, `${turn} starts after ${this.#tokens} of ${tokens} tokens`);
    hold(costUsd === null || this.#costUsd < costUsd, `${turn} starts after ${this.#costUsd} of ${costUsd} dollars`);
    hold(durationMs === null || activeMs < durationMs, `${turn} starts after ${activeMs} of ${durationMs} ms`);
  }

  /** A warning has a cause, tells the truth, and is given once. */
  checkWarning({ limit, used, of }: EventOf<"limit.neared">, limits: RunLimits, activeMs: number): void {
    hold(this.#warned.get(limit) !== of, `the warning of ${of} (${limit}) is given once`);
    const [counted, value] = this.#countOf(limit, limits, activeMs);
    hold(used === counted && of === value, `the warning tells ${counted} of ${value}`);
    hold(used >= of * 0.8 - 1e-6, `the warning comes at ${used} of ${of}`);
  }

  /** Whoever starts turns near a limit has warned of it. */
  checkWarned(limits: RunLimits, activeMs: number): void {
    for (const limit of ["duration", "cost", "tokens"] as const) {
      const [used, of] = this.#countOf(limit, limits, activeMs);
      const isDue = of !== null && used >= of * 0.8 + 1e-6;
      hold(!isDue || this.#warned.get(limit) === of, `nobody is warned at ${used} of ${of} (${limit})`);
    }
  }

  /** Figures of stages and groups are those of their turns; nobody has been active longer than the run. */
  checkParts({ stages, groups, graph, activeMs }: RunState): void {
    for (const [id, stage] of stages) {
      const { inputTokens, outputTokens } = stage.usage;
      const tokens = this.#tokensOfStage.get(id) ?? 0;
      hold(inputTokens + outputTokens === tokens, `${id} has used ${tokens} tokens`);
      hold((stage.activeFrom !== null) === stage.inFlight.length > 0, `the time of ${id} counts while it has a turn`);
      hold(activeMsOf(stage, activeMs) <= activeMs + 1e-6, `${id} was active no longer than its run`);
    }
    hold(groups.size === graph.groups.size, "each group has its figures");
    for (const [name, group] of groups) {
      const members = (graph.groups.get(name)?.stages ?? []).flatMap((id) => stages.get(id) ?? []);
      const tokens = members.reduce((sum, { usage }) => sum + usage.inputTokens + usage.outputTokens, 0);
      hold(group.usage.inputTokens + group.usage.outputTokens === tokens, `${name} has used ${tokens} tokens`);
      const isAtWork = members.some(({ inFlight }) => inFlight.length > 0);
      hold((group.activeFrom !== null) === isAtWork, `the time of ${name} counts while a member has a turn`);
      hold(activeMsOf(group, activeMs) <= activeMs + 1e-6, `${name} was active no longer than its run`);
    }
  }

  #countOf(limit: LimitUse["limit"], limits: RunLimits, activeMs: number): readonly [number, number | null] {
    if (limit === "duration") return [activeMs, limits.durationMs];
    return limit === "cost" ? [this.#costUsd, limits.costUsd] : [this.#tokens, limits.tokens];
  }
}
