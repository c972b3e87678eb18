import type { RunEvent } from "../../src/model/events.js";
import type { RunLimits } from "../../src/model/run.js";
import { hold } from "./claim-facts.js";

/** What all turns of agents have used over all claims, counted from the events alone. A command costs nothing. */
export class Spending {
  #tokens = 0;
  #costUsd = 0;
  readonly #ofAgents: Set<string> = new Set();

  note(event: RunEvent): void {
    if (event.type === "turn.started" && event.agent !== null) this.#ofAgents.add(event.turn);
    if (event.type !== "turn.settled" || event.result.usage === null || !this.#ofAgents.has(event.turn)) return;
    const { inputTokens, outputTokens, costUsd } = event.result.usage;
    this.#tokens += (inputTokens ?? 0) + (outputTokens ?? 0);
    this.#costUsd += costUsd ?? 0;
  }

  /** At a limit no new turn starts. */
  checkStart(turn: string, { tokens, costUsd, durationMs }: RunLimits, activeMs: number): void {
    hold(tokens === null || this.#tokens < tokens, `${turn} starts after ${this.#tokens} of ${tokens} tokens`);
    hold(costUsd === null || this.#costUsd < costUsd, `${turn} starts after ${this.#costUsd} of ${costUsd} dollars`);
    hold(durationMs === null || activeMs < durationMs, `${turn} starts after ${activeMs} of ${durationMs} ms`);
  }
}
