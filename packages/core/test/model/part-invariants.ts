import type { EventOf } from "../../src/model/events.js";
import type { RunState, StageRecord } from "../../src/state/run-state.js";
import { hold } from "./claim-facts.js";
import { laneOf, type Tally } from "./tally.js";

type Started = EventOf<"turn.started">;

/** One of several agents takes a turn of its own. */
export function checkPart(state: RunState, { definition, inFlight }: StageRecord, { turn, agent }: Started): void {
  const { parallelAgents = [], agentsAtOnce = Infinity, group, id } = definition;
  hold(agent !== null && parallelAgents.includes(agent), `${turn} is of an agent of ${id}`);
  hold(inFlight.length < agentsAtOnce, `at most ${agentsAtOnce} agents of ${id} at once`);
  for (const other of inFlight)
    hold(other.kind === "work" && other.agent !== agent, `${turn} runs beside work of others`);
  const isBroken = [...state.failed].some((one) => state.stages.get(one)?.definition.group === group);
  const isFast = group !== null && state.graph.groups.get(group)?.onFailure === "fail_fast";
  hold(!(isBroken && isFast), `${turn} starts though its group is ending`);
}

/** The first turn of an agent in a stage that others have begun. */
export function checkFurtherPart({ turn, attempt, round }: Started, { turns }: Tally): void {
  hold(attempt === 1 && round === 1, `${turn} begins a part`);
  hold(
    turns.every(({ start }) => start.kind === "work"),
    `${turn} comes before anything judges the work`,
  );
}

/** Nothing else happens in a stage before each of its agents has succeeded, once. */
export function checkPartsDone({ definition }: StageRecord, tally: Tally, what: string): void {
  for (const agent of definition.parallelAgents ?? []) {
    const { turns } = laneOf(tally, { kind: "work", agent });
    const successes = turns.filter(({ result }) => result?.status === "succeeded");
    hold(
      successes.length === 1 && successes[0] === turns.at(-1),
      `${what} comes after the work of ${agent}, done once`,
    );
  }
}

/** Some of several agents have not done their work. */
export function isUnderWay({ definition }: StageRecord, tally: Tally): boolean {
  const { parallelAgents = [] } = definition;
  const lanes = parallelAgents.map((agent) => laneOf(tally, { kind: "work", agent }));
  return tally.turns.length > 0 && lanes.some(({ turns }) => turns.at(-1)?.result?.status !== "succeeded");
}
